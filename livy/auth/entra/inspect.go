// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// TokenInfo is what an access token says of itself. Nobody has checked it: that
// is the server's affair.
type TokenInfo struct {
	Audience string
	Tenant   string
	Scopes   []string // the permissions of a person, or the roles of an application
	Missing  []string // those of a person that are asked for and not in it
	Expires  time.Time
}

// Inspect gets a token as Authorize does, and reads it. What cannot be read, as
// the service is free to change, is left empty; readable is false then.
func (s *Source) Inspect(ctx context.Context) (info TokenInfo, readable bool, err error) {
	t, err := s.token(ctx)
	if err != nil {
		return TokenInfo{}, false, err
	}
	info, readable = readToken(t.secret.Reveal())
	info.Expires = t.expires
	if readable && t.flow.person() {
		info.Missing = Missing(s.o.Scopes, info.Scopes)
	}
	return info, readable, nil
}

// Missing returns which of the wanted scopes of a person are not among those
// granted, as portals show them. The Azure CLI's application has one
// permission that stands for all.
func Missing(wanted, granted []string) []string {
	if slices.Contains(granted, "user_impersonation") {
		return nil
	}
	var missing []string
	for _, scope := range wanted {
		if !slices.ContainsFunc(granted, func(have string) bool { return strings.EqualFold(have, short(scope)) }) {
			missing = append(missing, short(scope))
		}
	}
	return missing
}

// readToken reads the payload of a JWT (RFC 7519).
func readToken(text string) (TokenInfo, bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return TokenInfo{}, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return TokenInfo{}, false
	}
	var said struct {
		Audience string   `json:"aud"`
		Tenant   string   `json:"tid"`
		Scopes   string   `json:"scp"`
		Roles    []string `json:"roles"`
	}
	if json.Unmarshal(payload, &said) != nil {
		return TokenInfo{}, false
	}
	return TokenInfo{Audience: said.Audience, Tenant: said.Tenant, Scopes: append(strings.Fields(said.Scopes), said.Roles...)}, true
}
