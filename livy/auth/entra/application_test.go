// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
)

// certificateFile makes a certificate and returns it, and a PEM file with it
// and its key.
func certificateFile(t *testing.T) (cert *x509.Certificate, path string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "livy-kernel"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Now().Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	content := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})) +
		string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return cert, writeFile(t, "cert.pem", content, 0o600)
}

func TestCertificate(t *testing.T) {
	a := newAuthority(t, authtest.InProcess())
	registered := app()
	cert, path := certificateFile(t)
	registered.Certificates = []*x509.Certificate{cert}
	a.Register(registered)
	o := options(a, FlowCertificate)
	o.CertificatePath = path
	good(t, t.Context(), newSource(t, o), a)

	_, o.CertificatePath = certificateFile(t)
	_, err := header(t.Context(), newSource(t, o))
	var refused *auth.SignInError
	if !errors.As(err, &refused) || refused.Code != "AADSTS700027" {
		t.Errorf("a certificate that is not registered: %v", err)
	}
	for _, content := range []string{"", "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n", "\x30\x82 PFX"} {
		o.CertificatePath = writeFile(t, "bad.pem", content, 0o600)
		_, err := header(t.Context(), newSource(t, o))
		var wrong *OptionError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "openssl pkcs12") {
			t.Errorf("certificate %q: %v", content, err)
		}
	}
}

// TestWorkloadIdentity: the platform replaces its token, so each sign-in reads
// it anew.
func TestWorkloadIdentity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		o := options(a, FlowWorkloadIdentity)
		o.FederatedTokenFile = writeFile(t, "token", a.FederatedToken(subject, 10*time.Minute)+"\n", 0o600)
		s := newSource(t, o)
		good(t, t.Context(), s, a)
		time.Sleep(2 * time.Hour)
		_, err := header(t.Context(), s)
		var refused *auth.SignInError
		if !errors.As(err, &refused) || refused.Code != "AADSTS700024" {
			t.Errorf("an old federated token: %v", err)
		}
		write := func(text string) {
			if err := os.WriteFile(o.FederatedTokenFile, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write(a.FederatedToken(subject, 10*time.Minute))
		good(t, t.Context(), s, a)

		time.Sleep(2 * time.Hour)
		write(a.FederatedToken("another", 10*time.Minute))
		if _, err := header(t.Context(), s); !errors.As(err, &refused) || refused.Code != "AADSTS700213" {
			t.Errorf("the token of another subject: %v", err)
		}
		for _, text := range []string{"", "no token", "a.b c.d"} {
			write(text)
			var wrong *OptionError
			if _, err := header(t.Context(), s); !errors.As(err, &wrong) || wrong.Option != "AZURE_FEDERATED_TOKEN_FILE" {
				t.Errorf("token %q: %v", text, err)
			}
		}
	})
}

// machine is the identity service of a virtual machine.
type machine struct {
	t     *testing.T
	calls int
	life  time.Duration
}

func (m *machine) RoundTrip(req *http.Request) (*http.Response, error) {
	m.calls++
	q := req.URL.Query()
	if req.URL.Host != "169.254.169.254" || req.Header.Get("Metadata") != "true" || q.Get("resource") != FabricResource || q.Get("client_id") != clientID {
		m.t.Errorf("request is %s %v", req.URL, req.Header)
	}
	body, err := json.Marshal(map[string]any{
		"access_token": fmt.Sprintf("machine-token-%d", m.calls), "token_type": "Bearer", "resource": q.Get("resource"),
		"expires_in": fmt.Sprint(int(m.life.Seconds())), "expires_on": fmt.Sprint(time.Now().Add(m.life).Unix()),
	})
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(string(body))), Request: req,
	}, err
}

func TestManagedIdentity(t *testing.T) {
	m := &machine{t: t, life: 24 * time.Hour}
	s := newSource(t, Options{Origin: origin, ClientID: clientID, Flow: FlowManagedIdentity, Transport: m})
	first, err := header(t.Context(), s)
	if err != nil || first != "Bearer machine-token-1" {
		t.Fatalf("header is %q, %v", first, err)
	}
	s.mu.Lock()
	s.current.got = now().Add(-time.Hour) // it was good for a while
	s.mu.Unlock()
	if err := s.Unauthorized(t.Context(), http.Header{}); err != nil {
		t.Fatal(err)
	}
	if second, err := header(t.Context(), s); err != nil || second != "Bearer machine-token-2" {
		t.Errorf("after a 401 the header is %q, %v", second, err)
	}
}

// TestManagedIdentityStaysHere: the address of the identity service comes from
// the environment, which a cloned repository may have written.
func TestManagedIdentityStaysHere(t *testing.T) {
	t.Setenv("IDENTITY_ENDPOINT", "https://attacker.example/token")
	t.Setenv("IDENTITY_HEADER", "canary")
	synctest.Test(t, func(t *testing.T) { // MSAL waits before it tries again
		refuse := transport(func(req *http.Request) (*http.Response, error) {
			t.Errorf("asked %s", req.URL)
			return nil, errors.New("refused")
		})
		s := newSource(t, Options{Origin: origin, Flow: FlowManagedIdentity, Transport: refuse})
		_, err := header(t.Context(), s)
		var refused *auth.SignInError
		if !errors.As(err, &refused) {
			t.Errorf("error is %v", err)
		}
	})
}

// transport is a function that is a http.RoundTripper.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
