// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// TestChoose goes through environment × az × display × cache × person: the
// order of the flows, and that nothing asks where nobody answers.
func TestChoose(t *testing.T) {
	environments := []struct {
		name                                string
		secret, certificate, federatedToken bool
		want                                Flow
	}{
		{"nothing", false, false, false, ""},
		{"secret", true, false, false, FlowClientSecret},
		{"certificate", false, true, false, FlowCertificate},
		{"federated token", false, false, true, FlowWorkloadIdentity},
		{"secret and certificate", true, true, false, FlowClientSecret},
		{"certificate and federated token", false, true, true, FlowCertificate},
		{"all", true, true, true, FlowClientSecret},
	}
	both := []bool{false, true}
	for _, env := range environments {
		for _, az := range both {
			for _, display := range both {
				for _, cached := range both {
					for _, person := range both {
						s := Situation{cached, env.secret, env.certificate, env.federatedToken, az, display, person}
						want := env.want
						switch {
						case cached:
							want = flowCached
						case want != "":
						case az:
							want = FlowAzureCLI
						case person && display:
							want = FlowBrowser
						case person:
							want = FlowDeviceCode
						}
						got, ok := Choose(s)
						if got != want || ok != (want != "") {
							t.Errorf("%s, %+v: flow is %q, %v, want %q", env.name, s, got, ok, want)
						}
					}
				}
			}
		}
	}
}

func TestOptionErrors(t *testing.T) {
	valid := Options{Origin: origin, Tenant: "contoso.example", ClientID: clientID}
	absolute := filepath.Join(t.TempDir(), "file")
	cases := []struct {
		option string // that is wrong; "" for none
		change func(*Options)
	}{
		{"", func(*Options) {}},
		{"", func(o *Options) { o.Tenant = "" }},
		{"", func(o *Options) { o.Flow, o.ClientID, o.AzPath = FlowAzureCLI, "", absolute }},
		{"", func(o *Options) { o.Flow, o.ClientID = FlowManagedIdentity, "" }},
		{"", func(o *Options) { o.Scopes = []string{"Lakehouse.Read.All"} }},
		{"tenant", func(o *Options) { o.Tenant = "a/b" }},
		{"tenant", func(o *Options) { o.Tenant, o.Flow, o.Secret = "", FlowClientSecret, auth.NewSecret("s") }},
		{"client_id", func(o *Options) { o.ClientID = "sales" }},
		{"client_id", func(o *Options) { o.ClientID = "" }},
		{"authority", func(o *Options) { o.Authority = "http://login.microsoftonline.com" }},
		{"authority", func(o *Options) { o.Authority = "https://user@login.microsoftonline.com" }},
		{"flow", func(o *Options) { o.Flow = "password" }},
		{"flow", func(o *Options) { o.Flow = flowCached }},
		{"scopes", func(o *Options) { o.Scopes = []string{"a b"} }},
		{"resource", func(o *Options) { o.Resource = "https://a b" }},
		{"azure_cli", func(o *Options) { o.AzPath = "az" }},
		{"azure_cli", func(o *Options) { o.Flow = FlowAzureCLI }},
		{"AZURE_CLIENT_SECRET", func(o *Options) { o.Flow = FlowClientSecret }},
		{"AZURE_CLIENT_CERTIFICATE_PATH", func(o *Options) { o.Flow = FlowCertificate }},
		{"AZURE_CLIENT_CERTIFICATE_PATH", func(o *Options) { o.CertificatePath = "cert.pem" }},
		{"AZURE_FEDERATED_TOKEN_FILE", func(o *Options) { o.Flow = FlowWorkloadIdentity }},
	}
	for i, c := range cases {
		t.Run(fmt.Sprint(i, c.option), func(t *testing.T) {
			o := valid
			c.change(&o)
			_, err := New(o)
			var wrong *OptionError
			if c.option == "" && err != nil || c.option != "" && (!errors.As(err, &wrong) || wrong.Option != c.option) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestCacheNameTellsApplicationsApart(t *testing.T) {
	name := CacheName("", "", clientID)
	if same := CacheName(PublicAuthority+"/", "organizations", clientID); same != name {
		t.Errorf("%s and %s", name, same)
	}
	for _, other := range []string{
		CacheName("https://login.microsoftonline.us", "", clientID), CacheName("", "contoso.example", clientID), CacheName("", "", "another"),
	} {
		if other == name {
			t.Errorf("%s stands for two applications", name)
		}
	}
}

// writeFile writes a file of a test and returns its path.
func writeFile(t *testing.T, name, content string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask says
		t.Fatal(err)
	}
	return path
}
