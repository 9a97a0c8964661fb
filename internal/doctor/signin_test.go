// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy/auth/entra"
)

// TestScopesInTheToken: what a person was not granted is named, with what to
// do; an application's and the Azure CLI's token have no such list.
func TestScopesInTheToken(t *testing.T) {
	all := strings.ReplaceAll(strings.Join(entra.FabricScopes(), " "), entra.FabricResource+"/", "")
	for name, c := range map[string]struct {
		claims claims
		wanted []string
		todo   string
		detail string
	}{
		"all":         {claims: claims{Scopes: all}},
		"one missing": {claims: claims{Scopes: strings.Replace(all, "Item.ReadWrite.All ", "", 1)}, todo: "these permissions were not granted: Item.ReadWrite.All;"},
		"asks less":   {claims: claims{Scopes: "Item.Read.All"}, wanted: []string{"Item.Read.All"}},
		"az":          {claims: claims{Scopes: "user_impersonation"}},
		"application": {claims: claims{App: "a"}, detail: "none: an application has the rights of its role"},
	} {
		c.claims.Expires = time.Now().Add(time.Hour).Unix()
		payload, err := json.Marshal(c.claims)
		if err != nil {
			t.Fatal(err)
		}
		token := "e30." + base64.RawURLEncoding.EncodeToString(payload) + ".x"
		detail, todo := describeScopes(token, config.Profile{Auth: config.AuthEntra, Entra: config.Entra{Scopes: c.wanted}})
		if !strings.HasPrefix(todo, c.todo) || (todo != "") != (c.todo != "") || !strings.HasPrefix(detail, c.detail) || strings.Contains(detail, token) {
			t.Errorf("%s: %q, to do %q", name, detail, todo)
		}
	}
}
