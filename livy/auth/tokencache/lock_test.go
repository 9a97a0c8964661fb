// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/cache"
)

var hints = cache.ReplaceHints{}

// Two uses of one cache, of one process or of two, come one after the other
// from the first load on; without the lock the second would lose the first's
// token.
func TestUsesDoNotOverlap(t *testing.T) {
	dir, keys := folder(t), []Keys{&memoryKeys{}}
	one := newCache(t, Options{Dir: dir, Keys: keys})
	for name, two := range map[string]*Cache{"of one process": one, "of two": newCache(t, Options{Dir: dir, Keys: keys})} {
		t.Run(name, func(t *testing.T) {
			ctx, end := one.Begin(t.Context())
			replace(t, ctx, one)
			started, seen := make(chan struct{}), make(chan *content)
			go func() {
				ctx, end := two.Begin(t.Context())
				defer end()
				close(started)
				into := &content{}
				if err := two.Replace(ctx, into, hints); err != nil {
					t.Error(err)
				}
				seen <- into
			}()
			<-started
			exportIn(t, ctx, one, name)
			end()
			if got := <-seen; !got.holds(name) {
				t.Errorf("the second use did not wait: it saw %q", got.text)
			}
		})
	}
}

// A sign-in that waits for a person keeps nobody from the cache.
func TestNoLockBeforeTheFirstLoad(t *testing.T) {
	c := newCache(t, Options{Dir: folder(t)})
	_, end := c.Begin(t.Context())
	defer end()
	ctx, endOther := c.Begin(t.Context())
	defer endOther()
	exportIn(t, ctx, c, canary)
	if got := replace(t, ctx, c); !got.holds(canary) {
		t.Errorf("the cache holds %q", got.text)
	}
}
