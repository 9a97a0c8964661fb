// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/connect"
	"github.com/livy-kernel/livy-kernel/livy/localspark/pyenv"
)

// profileChange is what an installation does to a profile.
type profileChange struct {
	profile config.Profile
	before  config.Profile
	existed bool
}

func (c profileChange) needed() bool {
	return !c.existed || !reflect.DeepEqual(c.profile, c.before)
}

func (c profileChange) save(file string) error {
	if !c.needed() {
		return nil
	}
	return config.Save(file, c.profile)
}

// undo leaves the profile as it was.
func (c profileChange) undo(file string) error {
	if !c.existed {
		return config.Remove(file, c.profile.Name)
	}
	return config.Save(file, c.before)
}

// profileToInstall returns the saved profile and what the flags make of it.
func (a *app) profileToInstall(name string, i installFlags, paths config.Paths) (profileChange, error) {
	c, err := config.Load(paths.Config)
	if err != nil {
		return profileChange{}, err
	}
	saved, exists := c.Profiles[name]
	profile := saved
	profile.Name = name
	switch {
	case name == localName && i.endpoint != "" && i.endpoint != config.EndpointLocal:
		return profileChange{}, hint(usage("profile local is Spark on this machine"), "give the server's profile a name: livy-kernel install NAME --endpoint URL")
	case name == localName:
		profile = a.localProfile(c, paths)
	case !exists && i.endpoint == "":
		return profileChange{}, hint(usage("there is no profile %q yet, and --endpoint is missing", name), "livy-kernel install %s --endpoint URL", shellWord(name))
	}
	for _, c := range []struct {
		flag string
		key  *string
	}{
		{i.endpoint, &profile.Endpoint}, {i.dialect, &profile.Dialect}, {i.auth, &profile.Auth}, {i.username, &profile.Username},
		{i.tenant, &profile.Tenant}, {i.clientID, &profile.ClientID}, {i.flow, &profile.Flow}, {i.authority, &profile.Authority},
	} {
		if c.flag != "" {
			*c.key = c.flag
		}
	}
	for _, c := range []struct {
		flag string
		key  *string
	}{{i.caFile, &profile.CAFile}, {i.sparkDir, &profile.Spark.Dir}} {
		if c.flag == "" {
			continue
		}
		if *c.key, err = filepath.Abs(c.flag); err != nil {
			return profileChange{}, err
		}
	}
	if len(i.scopes) > 0 {
		profile.Scopes = i.scopes
	}
	if proxy := config.FindProxy(profile.Endpoint); proxy != "" && profile.Proxy == "" { // a kernel does not look for it
		profile.Proxy = proxy
		a.say("The proxy that the environment names is used: %s", proxy)
	}
	if err := a.findAzureCLI(&profile); err != nil {
		return profileChange{}, err
	}
	if found := a.env.Lookup("SSL_CERT_FILE"); found != "" && profile.CAFile == "" && strings.HasPrefix(profile.Endpoint, "https:") {
		if profile.CAFile, err = filepath.Abs(found); err != nil { // a kernel does not look at the variable
			return profileChange{}, err
		}
		a.say("The certificate authorities of SSL_CERT_FILE are trusted: %s", profile.CAFile)
	}
	if profile.Endpoint == config.EndpointEnv && profile.Spark.Dir == "" {
		profile.Spark.Dir = sparkDir(paths.Cache) // the environment may say local
	}
	if err := profile.Check(); err != nil {
		return profileChange{}, flagError(err, name)
	}
	if profile.CAFile != "" {
		if _, err := connect.Roots(profile); err != nil {
			return profileChange{}, flagError(err, name)
		}
	}
	return profileChange{profile: profile, before: saved, existed: exists}, nil
}

// flagError words what is wrong in a profile by the flag that sets it.
func flagError(err error, name string) error {
	var e *config.Error
	if !errors.As(err, &e) {
		return err
	}
	flag := strings.ReplaceAll(strings.TrimPrefix(e.Key, "profiles."+name+"."), "_", "-")
	if flag == e.Key {
		return usage("%w", err) // the name
	}
	return usage("%w", &config.Error{Key: "--" + strings.ReplaceAll(flag, ".", "-"), Problem: e.Problem, Allowed: e.Allowed})
}

// findAzureCLI keeps the path of az where its sign-in is to be used: for that
// flow, or for a profile that has no application of its own.
func (a *app) findAzureCLI(p *config.Profile) error {
	resolved, _, err := a.env.Resolve(*p)
	if err != nil || resolved.Auth != config.AuthEntra || p.AzureCLI != "" || p.Flow != "azure-cli" && p.ClientID != "" {
		return nil //nolint:nilerr // Check words it
	}
	found, err := pyenv.LookPath("az", a.env.Children())
	switch {
	case err == nil:
		p.AzureCLI = found
		a.say("The sign-in of the Azure CLI is used: %s", found)
	case p.Flow == "azure-cli":
		return hint(errors.New("there is no az on the PATH"), "install the Azure CLI and run az login, or choose another --flow")
	}
	return nil
}
