// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy"
)

// Entra holds the keys of a profile that signs in to Microsoft Entra.
type Entra struct {
	// Tenant is the directory: a GUID or a domain. AZURE_TENANT_ID where it is
	// empty.
	Tenant string `toml:"tenant,omitempty"`
	// ClientID is the application that signs in, a GUID. AZURE_CLIENT_ID where
	// it is empty.
	ClientID string `toml:"client_id,omitempty"`
	// Flow is how it signs in: "auto" (the default: what the machine allows),
	// "browser", "device-code", "client-secret", "certificate",
	// "managed-identity", "workload-identity" or "azure-cli".
	Flow string `toml:"flow,omitempty"`
	// Authority is the URL of the sign-in service, for clouds other than the
	// public one.
	Authority string `toml:"authority,omitempty"`
	// Scopes are the permissions to ask for in place of the dialect's own: a list.
	Scopes []string `toml:"scopes,omitempty"`
	// AzureCLI is the path of the az program whose sign-in may be used;
	// absolute.
	AzureCLI string `toml:"azure_cli,omitempty"`
	// TokenCache is where tokens are kept: "auto" (the default: encrypted, with a
	// key in the keyring), "memory", or "file" (in clear, in a file that only the user
	// can read).
	TokenCache string `toml:"token_cache,omitempty"`
}

var (
	flows = []string{
		"auto", "browser", "device-code", "client-secret", "certificate", "managed-identity", "workload-identity", "azure-cli",
	}
	tokenCaches = []string{"auto", "memory", "file"}
)

// Flows returns what the key flow may say.
func Flows() []string { return slices.Clone(flows) }

// PublicAuthority is the sign-in service of the public cloud.
const PublicAuthority = "https://login.microsoftonline.com"

// knownAuthorities are the sign-in services of Microsoft's clouds: the only
// ones that an environment may choose.
var knownAuthorities = []string{
	"login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn", "login.chinacloudapi.cn",
}

var (
	guid   = lazyregexp.New(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	domain = lazyregexp.New(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$`)
)

func (p Profile) checkEntra() error {
	switch {
	case p.Tenant != "" && !guid.MatchString(p.Tenant) && !domain.MatchString(p.Tenant) && !slices.Contains([]string{"organizations", "common"}, p.Tenant):
		return p.problem("tenant", quote(p.Tenant)+" is neither a GUID nor a domain such as contoso.onmicrosoft.com")
	case p.ClientID != "" && !guid.MatchString(p.ClientID):
		return p.problem("client_id", quote(p.ClientID)+" is not a GUID")
	case p.AzureCLI != "" && !filepath.IsAbs(p.AzureCLI):
		return p.problem("azure_cli", "must be an absolute path")
	case p.Authority != "" && !secureURL(p.Authority):
		return p.problem("authority", quote(p.Authority)+" is not an https URL such as "+PublicAuthority)
	}
	for _, scope := range p.Scopes {
		if scope == "" || strings.ContainsAny(scope, " \t\"\\") {
			return p.problem("scopes", quote(scope)+" is not a scope")
		}
	}
	return nil
}

// secureURL reports whether text is an https URL of a host and no more than a
// path.
func secureURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
}

// dialect returns the profile's dialect, found out by the host where it is
// left open.
func (p Profile) dialect() livy.Dialect {
	if p.Dialect == "" || p.Dialect == "auto" {
		return livy.DialectOf(p.Endpoint)
	}
	return livy.Dialect(p.Dialect)
}

// resolveEntra fills in what the environment may say of a sign-in: who it is,
// and where that is told only if it is trusted.
func (e Environment) resolveEntra(p Profile, trusted bool) (Profile, []string) {
	p.Tenant = or(p.Tenant, e.AzureTenantID)
	p.ClientID = or(p.ClientID, e.AzureClientID)
	var ignored []string
	if p.Authority == "" && e.AzureAuthorityHost != "" {
		if u, err := url.Parse(e.AzureAuthorityHost); trusted && err == nil && u.Scheme == "https" && slices.Contains(knownAuthorities, u.Host) {
			p.Authority = "https://" + u.Host
		} else {
			ignored = append(ignored, "AZURE_AUTHORITY_HOST")
		}
	}
	p.Authority = or(p.Authority, PublicAuthority)
	p.Flow = or(p.Flow, "auto")
	p.TokenCache = or(p.TokenCache, "auto")
	return p, ignored
}
