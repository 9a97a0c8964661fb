// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"crypto/x509"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/tokencache"
)

// PublicAuthority is the sign-in service of the public cloud.
const PublicAuthority = "https://login.microsoftonline.com"

// Options describe a sign-in. Origin is required; what else is depends on the
// flow.
type Options struct {
	// Profile is what messages call the sign-in by.
	Profile string
	// Origin is where tokens are sent: a URL, of which scheme, host and port
	// count.
	Origin string

	Tenant    string // a GUID or a domain; "organizations" if empty, for persons
	ClientID  string // the application's GUID
	Authority string // https URL of the sign-in service; PublicAuthority if empty

	// Resource is what tokens are for; FabricResource if empty.
	Resource string
	// Scopes are what a person is asked to consent to, with or without the
	// resource before them; FabricScopes if empty. Applications get all that was
	// granted to them, whatever this says.
	Scopes []string

	Flow               Flow        // FlowAuto if empty
	Secret             auth.Secret // the application's
	CertificatePath    string      // of a PEM file with the application's certificate and its key
	FederatedTokenFile string      // which the platform keeps fresh
	AllowAzureCLI      bool        // an existing az login may be used by FlowAuto
	AzPath             string      // absolute path of az
	AzEnviron          []string    // what its environment is made from; if nil, this process's is its own

	// Cache keeps the tokens of persons; in memory if nil.
	Cache *tokencache.Cache

	// HasDisplay tells that a browser can be expected to show.
	HasDisplay bool
	// OpenURL opens a browser; if nil, the prompt's link is all there is.
	OpenURL func(url string) error
	// BrowserTime bounds a sign-in in the browser, 2 minutes if 0. A device code
	// is good for as long as the service says.
	BrowserTime time.Duration

	// Transport carries all requests to the sign-in service; if nil, one with
	// RootCAs (the system's if nil) and Proxy (none if nil).
	Transport http.RoundTripper
	RootCAs   *x509.CertPool
	Proxy     func(*http.Request) (*url.URL, error)

	Logger *slog.Logger
}

// OptionError tells which option is wrong.
type OptionError struct {
	Option  string
	Problem string
}

func (e *OptionError) Error() string { return e.Option + " " + e.Problem }

// organizations is the tenant that stands for that of whoever signs in.
const organizations = "organizations"

var (
	guidPattern   = lazyregexp.New(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	tenantPattern = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9.-]{0,253}$`)
	// scopePattern is what OAuth 2.0 allows in a scope, without what a shell or a
	// URL might take for its own: scopes are handed to az too.
	scopePattern = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9._~:/@-]{0,255}$`)
)

// withDefaults fills in what was left out, and checks the rest.
func (o Options) withDefaults() (Options, error) {
	o.Authority = strings.TrimRight(or(o.Authority, PublicAuthority), "/")
	o.Resource = strings.TrimRight(or(o.Resource, FabricResource), "/")
	o.Tenant = or(o.Tenant, organizations)
	o.Flow = Flow(or(string(o.Flow), string(FlowAuto)))
	if len(o.Scopes) == 0 {
		o.Scopes = FabricScopes()
	}
	o.Scopes = qualified(o.Resource, o.Scopes)
	if o.BrowserTime <= 0 {
		o.BrowserTime = 2 * time.Minute
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o, o.check()
}

func (o Options) check() error {
	authority, err := url.Parse(o.Authority)
	switch {
	case err != nil || authority.Scheme != "https" || authority.Hostname() == "" || authority.User != nil || authority.RawQuery != "" || authority.Fragment != "":
		return &OptionError{"authority", "is not an https URL such as " + PublicAuthority}
	case !tenantPattern.MatchString(o.Tenant):
		return &OptionError{"tenant", "is neither a GUID nor a domain"}
	case o.ClientID != "" && !guidPattern.MatchString(o.ClientID):
		return &OptionError{"client_id", "is not a GUID"}
	case !scopePattern.MatchString(o.Resource):
		return &OptionError{"resource", "is not a URL"}
	case !slices.Contains(flows, o.Flow):
		return &OptionError{"flow", fmt.Sprintf("%.40q is not one of %v", o.Flow, flows)}
	}
	for _, scope := range o.Scopes {
		if !scopePattern.MatchString(scope) {
			return &OptionError{"scopes", fmt.Sprintf("%.80q is not a scope", scope)}
		}
	}
	for option, path := range map[string]string{"azure_cli": o.AzPath, "AZURE_CLIENT_CERTIFICATE_PATH": o.CertificatePath, "AZURE_FEDERATED_TOKEN_FILE": o.FederatedTokenFile} {
		if path != "" && !filepath.IsAbs(path) {
			return &OptionError{option, "must be an absolute path"}
		}
	}
	return o.Flow.check(o)
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
