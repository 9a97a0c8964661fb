// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// application gets a token for the application itself. It is kept in memory
// only: the credential that it comes from is at hand whenever there is need of
// another one.
func (s *Source) application(ctx context.Context, f Flow, n need) (token, error) {
	credential, options, err := s.credential(f)
	if err != nil {
		return token{}, err
	}
	client, err := confidential.New(s.o.Authority+"/"+s.o.Tenant, s.o.ClientID, credential, append(options,
		confidential.WithHTTPClient(s.client),
		confidential.WithInstanceDiscovery(false),
		confidential.WithClientCapabilities(capabilities),
		// MSAL would take another host from the environment, which is not trusted.
		confidential.WithAzureRegion("DisableMsalForceRegion"))...)
	if err != nil {
		return token{}, s.failed(ctx, err)
	}
	got, err := client.AcquireTokenByCredential(ctx, []string{allGranted(s.o.Resource)}, confidential.WithClaims(or(n.claims, anyClaims)))
	if err != nil {
		return token{}, s.failed(ctx, err)
	}
	return token{
		secret: auth.NewSecret(got.AccessToken), got: now(), expires: got.ExpiresOn.Round(0),
		account: "application " + s.o.ClientID,
	}, nil
}

func (s *Source) credential(f Flow) (confidential.Credential, []confidential.Option, error) {
	switch f {
	case FlowClientSecret:
		c, err := confidential.NewCredFromSecret(s.o.Secret.Reveal())
		return c, nil, err
	case FlowCertificate:
		c, err := certificate(s.o.CertificatePath)
		// The chain goes along: a certificate that a trusted authority renewed need
		// not be registered again.
		return c, []confidential.Option{confidential.WithX5C()}, err
	default:
		return confidential.NewCredFromAssertionCallback(func(context.Context, confidential.AssertionRequestOptions) (string, error) {
			return federatedToken(s.o.FederatedTokenFile)
		}), nil, nil
	}
}

// maxCredential bounds what is read from files.
const maxCredential = 1 << 20

func certificate(path string) (confidential.Credential, error) {
	content, err := readFile(path)
	if err != nil {
		return confidential.Credential{}, &OptionError{"AZURE_CLIENT_CERTIFICATE_PATH", err.Error()}
	}
	certs, key, err := confidential.CertFromPEM(content, "")
	if err == nil {
		var c confidential.Credential
		if c, err = confidential.NewCredFromCert(certs, key); err == nil {
			return c, nil
		}
	}
	// err is not quoted: it stands close to the key.
	return confidential.Credential{}, &OptionError{
		"AZURE_CLIENT_CERTIFICATE_PATH",
		"is no PEM file with an RSA certificate and its unencrypted key; a PKCS #12 file becomes one with: openssl pkcs12 -in cert.pfx -out cert.pem -nodes",
	}
}

// federatedToken reads the platform's token. The platform replaces it often,
// so it is read each time.
func federatedToken(path string) (string, error) {
	content, err := readFile(path)
	if err != nil {
		return "", &OptionError{"AZURE_FEDERATED_TOKEN_FILE", err.Error()}
	}
	text := bytes.TrimSpace(content)
	if bytes.Count(text, []byte(".")) != 2 || bytes.ContainsAny(text, " \t\r\n") {
		return "", &OptionError{"AZURE_FEDERATED_TOKEN_FILE", "holds no token"}
	}
	return string(text), nil
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxCredential+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot be read: %w", err)
	case len(content) > maxCredential:
		return nil, errors.New("is too big")
	}
	return content, nil
}
