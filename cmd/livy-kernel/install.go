// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/connect"
	"github.com/livy-kernel/livy-kernel/kernelspec"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/localspark"
)

const installLong = `Saves a profile and writes its kernelspecs, so that Jupyter offers its kernels.

Without NAME that is profile "local": Spark on this machine, which the first
cell sets up. With NAME it is a Livy server at a URL; for Microsoft Fabric that is the
"Session job connection string" of a lakehouse. To change a profile, install it
again with the flags that change; the others stay as they are.`

const installExample = `  livy-kernel install
  livy-kernel install mycluster --endpoint https://host:8998
  livy-kernel install mycluster --auth basic --username ann --ca-file ca.pem
  livy-kernel install sales --endpoint CONNECTION_STRING --tenant T --client-id C
  livy-kernel install ci --endpoint env       # all from LIVY_KERNEL_ENDPOINT and so on
  livy-kernel install --sys-prefix --kinds pyspark`

// installFlags are the flags of install; empty ones change nothing.
type installFlags struct {
	endpoint, dialect, auth, username, caFile, sparkDir string
	tenant, clientID, flow, authority                   string
	scopes, kinds                                       []string
	displayName                                         string
	place                                               placeFlags
}

func (a *app) install() *cobra.Command {
	var i installFlags
	cmd := &cobra.Command{
		Use:     "install [NAME]",
		Short:   "install the kernels of a profile into Jupyter",
		Long:    installLong,
		Example: installExample,
		Args:    arguments(0, 1), ValidArgsFunction: a.profileNames,
		RunE: command(func(ctx context.Context, args []string) error {
			name := localName
			if len(args) > 0 {
				name = args[0]
			}
			return a.runInstall(ctx, name, i)
		}),
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&i.endpoint, "endpoint", "", "`URL` of the Livy server, with or without /sessions; or env")
	f.StringVar(&i.dialect, "dialect", "", "`DIALECT` of the REST API: "+strings.Join(config.Dialects(), ", "))
	f.StringVar(&i.auth, "auth", "", "`WAY` to authenticate: "+strings.Join(config.Auths(), ", "))
	f.StringVar(&i.tenant, "tenant", "", "`ID` or domain of the Entra directory")
	f.StringVar(&i.clientID, "client-id", "", "`ID` of the application that signs in to Entra")
	f.StringVar(&i.flow, "flow", "", "`FLOW` of the sign-in: "+strings.Join(config.Flows(), ", "))
	f.StringVar(&i.authority, "authority", "", "`URL` of Entra, for other than the public cloud")
	f.StringSliceVar(&i.scopes, "scope", nil, "`SCOPE` to ask for in place of the usual ones; repeatable")
	f.StringVar(&i.username, "username", "", "user `NAME` for basic")
	f.StringVar(&i.caFile, "ca-file", "", "PEM `FILE` with certificate authorities to trust beside the system's")
	f.StringVar(&i.sparkDir, "spark-dir", "", "`DIR` to set Spark up in, for profile local (default: in the cache folder)")
	f.StringSliceVar(&i.kinds, "kinds", kindNames(kernelspec.DefaultKinds()), "`LIST` of languages to install kernels for; shared is one for all")
	f.StringVar(&i.displayName, "display-name", "", "`TEXT` to show in place of, say, \"PySpark (NAME)\"; with one of --kinds")
	i.place.define(cmd)
	completeValues(cmd)
	return cmd
}

func (a *app) runInstall(ctx context.Context, name string, i installFlags) error {
	kinds, err := parseKinds(i.kinds)
	if err != nil {
		return err
	}
	if i.displayName != "" && len(kinds) != 1 {
		return hint(usage("--display-name would name %d kernels alike", len(kinds)), "install one language at a time: --kinds pyspark --display-name …")
	}
	paths, err := a.paths()
	if err != nil {
		return err
	}
	change, err := a.profileToInstall(name, i, paths)
	if err != nil {
		return err
	}
	dataDir, err := a.dataDir(ctx, i.place)
	if err != nil {
		return err
	}
	specs, err := a.specs(name, kinds, i.displayName, paths)
	if err != nil {
		return err
	}
	for _, spec := range specs {
		if err := kernelspec.Check(dataDir, spec); err != nil {
			return err // before anything is changed
		}
	}
	if err := change.save(paths.Config); err != nil {
		return err
	}
	folders, err := kernelspec.InstallAll(dataDir, specs)
	if err != nil {
		return errors.Join(hint(err, "%s, or install to another place with --sys-prefix or --prefix DIR", cmp.Or(systemHint(err), "look at that folder")), change.undo(paths.Config))
	}
	if change.needed() {
		a.say("Saved profile %s in %s", name, paths.Config)
	}
	for i, spec := range specs {
		a.say("Installed %s in %s", spec.DisplayName, folders[i])
	}
	if change.existed && connect.Account(change.before) != connect.Account(change.profile) {
		if err := a.forgetPassword(change.before); err != nil { // nobody would find it any more
			return err
		}
	}
	a.afterInstall(change.profile)
	return nil
}

// specs makes all kernelspecs before the first is written.
func (a *app) specs(name string, kinds []livy.Kind, displayName string, paths config.Paths) ([]kernelspec.Spec, error) {
	binary, err := a.binary()
	if err != nil {
		return nil, err
	}
	var specs []kernelspec.Spec
	for _, kind := range kinds {
		spec, err := kernelspec.New(kernelspec.Request{
			Binary: binary, ConfigFile: paths.Config, Profile: name, Kind: kind, DisplayName: displayName,
		})
		if err != nil {
			return nil, err
		}
		specs = append(specs, spec)
	}
	return specs, nil
}

// afterInstall says what comes next.
func (a *app) afterInstall(p config.Profile) {
	resolved, _, err := a.env.Resolve(p)
	switch {
	case p.Local():
		if _, err := localspark.Find(p.Spark.Dir); err == nil {
			a.say("\nSpark is set up in %s.", p.Spark.Dir)
			return
		}
		a.say("\nThe first cell sets Spark up in %s: a download of about 400 MB, a few minutes.", p.Spark.Dir)
	case err == nil && resolved.Unguarded():
		a.warn("this endpoint is on another machine and has no authentication: whoever reaches it can run code there")
	case err == nil && resolved.Auth == config.AuthBasic:
		a.say("\nNext: livy-kernel login %s (or set LIVY_KERNEL_PASSWORD where the kernel starts)", p.Name)
	case err == nil && resolved.Auth == config.AuthEntra:
		a.say("\nThe first cell asks you to sign in; livy-kernel login %s does it ahead of time.", p.Name)
	case err == nil && resolved.Auth == config.AuthBearer:
		a.say("\nThe token is read from LIVY_KERNEL_TOKEN where the kernel starts.")
	}
}
