// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/cache"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const canary = "canary-token-91b2"

// content is what MSAL would hold.
type content struct{ text string }

func (c *content) Marshal() ([]byte, error)      { return []byte(c.text), nil }
func (c *content) Unmarshal(data []byte) error   { c.text = string(data); return nil }
func tokens(text string) *content                { return &content{`{"AccessToken":"` + text + `"}`} }
func (c *content) holds(text string) bool        { return strings.Contains(c.text, text) }
func (c *content) empty() bool                   { return c.text == "{}" }
func export(t *testing.T, c *Cache, text string) { t.Helper(); exportIn(t, t.Context(), c, text) }

func exportIn(t *testing.T, ctx context.Context, c *Cache, text string) {
	t.Helper()
	if err := c.Export(ctx, tokens(text), cache.ExportHints{}); err != nil {
		t.Fatal(err)
	}
}

func replace(t *testing.T, ctx context.Context, c *Cache) *content {
	t.Helper()
	into := &content{"what was there before"}
	if err := c.Replace(ctx, into, cache.ReplaceHints{}); err != nil {
		t.Fatal(err)
	}
	return into
}

// memoryKeys is a keyring in memory.
type memoryKeys struct {
	mu   sync.Mutex
	key  []byte
	sets int
	err  error // of a keyring that cannot be used
}

func (*memoryKeys) Name() Storage { return "test" }

func (k *memoryKeys) Get(context.Context) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err == nil && k.key == nil {
		return nil, ErrNoKey
	}
	return k.key, k.err
}

func (k *memoryKeys) Set(_ context.Context, key []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sets++
	k.key = key
	return k.err
}

func newCache(t *testing.T, o Options) *Cache {
	t.Helper()
	if o.Name == "" {
		o.Name = "sales"
	}
	if o.Keys == nil {
		o.Keys = []Keys{&memoryKeys{}}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func folder(t *testing.T) string { return filepath.Join(t.TempDir(), "livy-kernel", "tokens") }
