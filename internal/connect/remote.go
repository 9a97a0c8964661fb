// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/budget"
)

// connectRemote makes the client of a server elsewhere. Nothing is sent yet.
func connectRemote(o Options) (*Connection, error) {
	opts, err := profileOptions(o.Profile, clientOptions(o.Version, o.Logger))
	if err != nil {
		return nil, err
	}
	if perMinute := livy.Dialect(o.Profile.Dialect).CallsPerMinute(); perMinute > 0 {
		opts = append(opts, livy.WithBudget(budget.Open(filepath.Join(o.StateDir, "budget"), identity(o), perMinute, o.Logger)))
	}
	authorizer, err := authorizer(o)
	if err != nil {
		return nil, err
	}
	if authorizer != nil {
		opts = append(opts, livy.WithAuthorizer(authorizer))
	}
	if o.Profile.Unguarded() {
		o.Logger.Warn("the server asks for no authentication: whoever reaches it can run code", "profile", o.Profile.Name)
	}
	client, err := livy.New(o.Profile.Endpoint, opts...)
	if err != nil {
		return nil, fmt.Errorf("profile %s: %w", o.Profile.Name, err)
	}
	return &Connection{Client: client, Closer: idleCloser{client}, profile: o.Profile, authorize: authorizer}, nil
}

// identity is whose calls a server counts together, as far as it is known
// before a sign-in.
func identity(o Options) string {
	return strings.ToLower(strings.Join([]string{o.Profile.Origin(), o.Profile.Tenant, o.Profile.ClientID, o.Profile.Username}, "\n"))
}

// profileOptions adds what a profile says of the way to its server.
func profileOptions(p config.Profile, opts []livy.Option) ([]livy.Option, error) {
	if p.Dialect != "" {
		opts = append(opts, livy.WithDialect(livy.Dialect(p.Dialect)))
	}
	if proxy := p.ProxyOf(); proxy != nil {
		opts = append(opts, livy.WithProxy(proxy))
	}
	if p.CAFile == "" {
		return opts, nil
	}
	roots, err := Roots(p)
	return append(opts, livy.WithRootCAs(roots)), err
}

func clientOptions(version string, log *slog.Logger) []livy.Option {
	return []livy.Option{livy.WithUserAgent("livy-kernel/" + version + " (" + runtime.GOOS + ")"), livy.WithLogger(log)}
}

// Roots returns the system's certificate authorities and those of the
// profile's ca_file, if it has one.
func Roots(p config.Profile) (*x509.CertPool, error) {
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if p.CAFile == "" {
		return roots, nil
	}
	bundle, err := os.ReadFile(p.CAFile)
	if err != nil {
		return nil, caError(p, "cannot be read: "+err.Error())
	}
	if !roots.AppendCertsFromPEM(bundle) {
		return nil, caError(p, p.CAFile+" holds no certificate in PEM form")
	}
	return roots, nil
}

func caError(p config.Profile, problem string) error {
	return &config.Error{Key: "profiles." + p.Name + ".ca_file", Problem: problem}
}

var errNoToken = errors.New("there is no token")

// authorizer returns what adds the profile's credentials to requests; nil for
// none.
func authorizer(o Options) (livy.Authorizer, error) {
	switch o.Profile.Auth {
	case config.AuthBasic:
		password, err := password(o)
		switch {
		case errors.Is(err, auth.ErrNoKeyring):
			o.Logger.Warn("no keyring", "err", err)
			return nil, &auth.RequiredError{Profile: o.Profile.Name, Err: auth.ErrNoKeyring}
		case err != nil:
			return nil, &auth.RequiredError{Profile: o.Profile.Name, Err: err,
				Hint: "run livy-kernel login " + o.Profile.Name + ", or set LIVY_KERNEL_PASSWORD"}
		}
		return auth.Basic{Username: o.Profile.Username, Password: password}, nil
	case config.AuthEntra:
		return SignIn(o)
	case config.AuthBearer:
		if o.Env.Token.Empty() {
			return nil, &auth.RequiredError{Profile: o.Profile.Name, Err: errNoToken, Hint: "set LIVY_KERNEL_TOKEN before the kernel starts"}
		}
		return auth.Bearer{Token: o.Env.Token}, nil
	}
	return nil, nil
}

func password(o Options) (auth.Secret, error) {
	if !o.Env.Password.Empty() {
		return o.Env.Password, nil
	}
	return o.Passwords.Get(Account(o.Profile))
}

// Account is the name that the password of a profile is kept under. It holds
// the origin of the endpoint, so that a password never goes to another one
// when the profile changes.
func Account(p config.Profile) string {
	return p.Name + " " + p.Username + "@" + p.Origin()
}
