// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
)

// FuzzFile: MSAL never sees a damaged file, and odd content of one in clear
// neither crashes it nor fails the call.
func FuzzFile(f *testing.F) {
	f.Add([]byte(`{"AccessToken":{"a":{"secret":"x","expires_on":"1"}},"RefreshToken":{},"Account":{"b":{"home_account_id":"c"}}}`))
	f.Add([]byte(`{"AccessToken":[]}`))
	f.Add([]byte(`{"Account":{"b":null},"AppMetadata":{"":7}}`))
	f.Add([]byte(magic + "0123456789abcdef"))
	f.Add([]byte("null"))
	dir := f.TempDir()
	keys := []Keys{&memoryKeys{}}
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, o := range []Options{{Mode: PlainFile}, {Keys: keys}} {
			o.Dir = dir
			for _, name := range []string{"sales.plain.tokens", "sales.test.tokens"} {
				must(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
			}
			c := newCache(t, o)
			client, err := public.New("id", public.WithAuthority("https://login.example/t"), public.WithInstanceDiscovery(false), public.WithCache(c))
			must(t, err)
			accounts, err := client.Accounts(t.Context())
			if err != nil || o.Keys != nil && len(accounts) != 0 {
				t.Errorf("%d accounts, %v", len(accounts), err)
			}
		}
	})
}
