// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/cache"

	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
	"github.com/livy-kernel/livy-kernel/livy/auth/tokencache"
)

// writerVariable makes this test binary one of the writers.
const writerVariable = "ENTRA_TEST_WRITER"

const (
	writers = 4
	each    = 10 // scopes, one token for each
)

// job is what a writer is told.
type job struct {
	First       int // the number of its first scope
	Dir         string
	Mode        tokencache.Mode
	URL         string
	Tenant      string
	Certificate string // PEM file
}

// TestConcurrentWriters: of 40 tokens that 4 processes get for 40 scopes, none
// is lost, in an encrypted cache as in one in clear. MSAL alone, even with a lock
// around its reads and writes, keeps some 15 of them.
func TestConcurrentWriters(t *testing.T) {
	for _, mode := range []tokencache.Mode{tokencache.Auto, tokencache.PlainFile} {
		t.Run(string(mode), func(t *testing.T) { concurrentWriters(t, mode) })
	}
}

func concurrentWriters(t *testing.T, mode tokencache.Mode) {
	a := newAuthority(t)
	registered := app()
	for i := range writers * each {
		registered.Permissions = append(registered.Permissions, fmt.Sprintf("Scope.%02d", i))
	}
	registered.Consented = registered.Permissions
	a.Register(registered)
	dir := filepath.Join(t.TempDir(), "tokens")
	o := options(a, FlowDeviceCode)
	o.Cache = keptAs(t, dir, mode)
	if err := newSource(t, o).SignIn(t.Context(), &authtest.Person{Authority: a, User: ann}); err != nil {
		t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw})
	shared := job{Dir: dir, Mode: mode, URL: a.URL, Tenant: a.Tenant, Certificate: writeFile(t, "ca.pem", string(certificate), 0o600)}

	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			mine := shared
			mine.First = i * each
			described, err := json.Marshal(mine)
			if err != nil {
				t.Error(err)
			}
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), writerVariable+"="+string(described))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("writer %d: %v: %s", i, err, out)
			}
		})
	}
	all.Wait()
	var found contract
	if err := keptAs(t, dir, mode).Replace(t.Context(), &found, cache.ReplaceHints{}); err != nil {
		t.Fatal(err)
	}
	lost := 0
	for i := range writers * each {
		if !found.scopes[fmt.Sprintf("%s/Scope.%02d", FabricResource, i)] {
			lost++
		}
	}
	if lost != 0 {
		t.Errorf("%d of %d tokens are lost", lost, writers*each)
	}
}

// contract is the content of MSAL's cache, as far as is needed here.
type contract struct{ scopes map[string]bool }

func (c *contract) Unmarshal(data []byte) error {
	var content struct {
		AccessToken map[string]struct {
			Target string `json:"target"`
		}
	}
	c.scopes = map[string]bool{}
	err := json.Unmarshal(data, &content)
	for _, token := range content.AccessToken {
		c.scopes[token.Target] = true
	}
	return err
}

// writer is the main function of a writer.
func writer() int {
	var told job
	err := json.Unmarshal([]byte(os.Getenv(writerVariable)), &told)
	if err == nil {
		err = told.write()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func (j job) write() error {
	bundle, err := os.ReadFile(j.Certificate)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(bundle)
	tokens, err := tokencache.New(tokencache.Options{
		Dir: j.Dir, Name: "test", Mode: j.Mode, Keys: []tokencache.Keys{fixedKeys{}},
		LockWait: time.Minute, // a loaded machine is not what is tested here
	})
	if err != nil {
		return err
	}
	for i := range each {
		s, err := New(Options{
			Origin: origin, Tenant: j.Tenant, ClientID: clientID, Authority: j.URL, RootCAs: roots,
			Flow: FlowDeviceCode, Cache: tokens, Scopes: []string{"Scope." + fmt.Sprintf("%02s", strconv.Itoa(j.First+i))},
		})
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, origin, http.NoBody)
		if err != nil {
			return err
		}
		if err := s.Authorize(req.Context(), req); err != nil {
			return err
		}
		s.CloseIdleConnections()
	}
	return nil
}
