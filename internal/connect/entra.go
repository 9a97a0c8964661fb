// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"errors"
	"path/filepath"
	"runtime"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy/auth/entra"
	"github.com/livy-kernel/livy-kernel/livy/auth/tokencache"
)

// SignIn returns what signs a profile in to Entra. Nothing is asked for yet.
// What is wrong in the profile is a *config.Error.
func SignIn(o Options) (*entra.Source, error) {
	p := o.Profile
	cache, err := tokencache.New(tokencache.Options{
		Dir: filepath.Join(o.StateDir, "tokens"), Name: entra.CacheName(p.Authority, p.Tenant, p.ClientID), Mode: tokencache.Mode(p.TokenCache), Logger: o.Logger,
	})
	if err != nil {
		return nil, &config.Error{Key: "profiles." + p.Name + ".token_cache", Problem: err.Error()}
	}
	roots, err := Roots(p)
	if err != nil {
		return nil, err
	}
	source, err := entra.New(entra.Options{
		Profile: p.Name, Origin: p.Origin(),
		Tenant: p.Tenant, ClientID: p.ClientID, Authority: p.Authority, Scopes: p.Scopes, Flow: entra.Flow(p.Flow),
		Secret: o.Env.AzureClientSecret, CertificatePath: o.Env.AzureCertificatePath, FederatedTokenFile: o.Env.AzureFederatedTokenFile,
		AllowAzureCLI: p.AzureCLI != "", AzPath: p.AzureCLI, AzEnviron: o.Env.Children(),
		Cache: cache, HasDisplay: o.Env.Display(runtime.GOOS), OpenURL: o.OpenURL,
		RootCAs: roots, Proxy: p.ProxyOf(), Logger: o.Logger,
	})
	var wrong *entra.OptionError
	if errors.As(err, &wrong) {
		return nil, &config.Error{Key: "profiles." + p.Name + "." + wrong.Option, Problem: wrong.Problem}
	}
	return source, err
}
