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
	Entry       string // in the kernel's keyring; empty for a key that is fixed
	URL         string
	Tenant      string
	Certificate string // PEM file
}

// TestConcurrentWriters: of 40 tokens that 4 processes get for 40 scopes, none
// is lost, in an encrypted cache, whose key may be in the kernel's keyring, as in
// one in clear. MSAL alone, even with a lock around its reads and writes, keeps
// some 15 of them.
func TestConcurrentWriters(t *testing.T) {
	entry := "livy-kernel:test:" + t.TempDir()
	t.Cleanup(func() { forgetKey(t, entry) })
	for name, c := range map[string]job{
		"encrypted": {Mode: tokencache.Auto}, "in clear": {Mode: tokencache.PlainFile}, "kernel keyring": {Mode: tokencache.Auto, Entry: entry},
	} {
		t.Run(name, func(t *testing.T) { concurrentWriters(t, c) })
	}
}

func concurrentWriters(t *testing.T, shared job) {
	a := newAuthority(t)
	registered := app()
	for i := range writers * each {
		registered.Permissions = append(registered.Permissions, fmt.Sprintf("Scope.%02d", i))
	}
	registered.Consented = registered.Permissions
	a.Register(registered)
	shared.Dir = filepath.Join(t.TempDir(), "tokens")
	open := func() *tokencache.Cache {
		opened, err := shared.cache()
		if err != nil {
			t.Fatal(err)
		}
		return opened
	}
	if kept, err := open().Storage(t.Context()); err != nil || kept == tokencache.StorageMemory {
		if shared.Entry == "" {
			t.Errorf("kept in %s, %v", kept, err)
		}
		return // many containers forbid the kernel's keyring, and nothing is shared then
	}
	o := options(a, FlowDeviceCode)
	o.Cache = open()
	if err := newSource(t, o).SignIn(t.Context(), &authtest.Person{Authority: a, User: ann}); err != nil {
		t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw})
	shared.URL, shared.Tenant, shared.Certificate = a.URL, a.Tenant, writeFile(t, "ca.pem", string(certificate), 0o600)

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
	if err := open().Replace(t.Context(), &found, cache.ReplaceHints{}); err != nil {
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

// cache opens the cache that the writers share.
func (j job) cache() (*tokencache.Cache, error) {
	keys := []tokencache.Keys{fixedKeys{}}
	if j.Entry != "" {
		keys = []tokencache.Keys{systemKeys(j.Entry)}
	}
	return tokencache.New(tokencache.Options{
		Dir: j.Dir, Name: "test", Mode: j.Mode, Keys: keys,
		LockWait: time.Minute, // a loaded machine is not what is tested here
	})
}

func (j job) write() error {
	bundle, err := os.ReadFile(j.Certificate)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(bundle)
	tokens, err := j.cache()
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
