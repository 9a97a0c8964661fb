// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import "slices"

// Flow is a way to sign in.
type Flow string

// The flows. FlowCached and FlowAuto are not protocols: the first uses what an
// earlier sign-in left, the second takes the first of the others that can work.
const (
	FlowAuto             Flow = "auto"
	FlowBrowser          Flow = "browser"     // authorization code with PKCE, on a loopback redirect
	FlowDeviceCode       Flow = "device-code" // a code to type in on any device
	FlowClientSecret     Flow = "client-secret"
	FlowCertificate      Flow = "certificate"
	FlowWorkloadIdentity Flow = "workload-identity" // a token of the platform, from a file
	FlowManagedIdentity  Flow = "managed-identity"
	FlowAzureCLI         Flow = "azure-cli" // an existing az login

	flowCached Flow = "cached account"
)

var flows = []Flow{
	FlowAuto, FlowBrowser, FlowDeviceCode, FlowClientSecret, FlowCertificate, FlowWorkloadIdentity, FlowManagedIdentity, FlowAzureCLI,
}

// Flows returns all flows that an Options may ask for.
func Flows() []Flow { return slices.Clone(flows) }

// Situation is what FlowAuto decides by.
type Situation struct {
	CachedAccount bool // somebody signed in before
	// What the environment holds of an application's credentials.
	Secret, Certificate, FederatedToken bool
	AzureCLI                            bool // an az login may be used
	Display                             bool // a browser can be expected to show
	Person                              bool // somebody reads what is shown
}

// Choose returns the flow for s; ok is false where nobody can sign in.
func Choose(s Situation) (f Flow, ok bool) {
	switch {
	case s.CachedAccount:
		return flowCached, true
	case s.Secret:
		return FlowClientSecret, true
	case s.Certificate:
		return FlowCertificate, true
	case s.FederatedToken:
		return FlowWorkloadIdentity, true
	case s.AzureCLI:
		return FlowAzureCLI, true
	case s.Person && s.Display:
		return FlowBrowser, true
	case s.Person:
		return FlowDeviceCode, true
	}
	return "", false
}

// person reports whether f gets its tokens by way of a person's account.
func (f Flow) person() bool {
	return f == FlowBrowser || f == FlowDeviceCode || f == FlowAuto || f == flowCached
}

// check reports what f lacks in o.
func (f Flow) check(o Options) error {
	switch {
	case f == FlowClientSecret && o.Secret.Empty():
		return &OptionError{"AZURE_CLIENT_SECRET", "is not set, and the flow is " + string(f)}
	case f == FlowCertificate && o.CertificatePath == "":
		return &OptionError{"AZURE_CLIENT_CERTIFICATE_PATH", "is not set, and the flow is " + string(f)}
	case f == FlowWorkloadIdentity && o.FederatedTokenFile == "":
		return &OptionError{"AZURE_FEDERATED_TOKEN_FILE", "is not set, and the flow is " + string(f)}
	case f == FlowAzureCLI && o.AzPath == "":
		return &OptionError{"azure_cli", "is missing, the path of az, and the flow is " + string(f)}
	case f == FlowManagedIdentity, f == FlowAzureCLI:
		return nil
	case o.ClientID == "" && (f != FlowAuto || !o.azureCLI()):
		return &OptionError{"client_id", "is missing: the application (client) id of the app registration"}
	case o.Tenant == organizations && !f.person():
		return &OptionError{"tenant", "is missing: applications sign in to the directory that they belong to"}
	}
	return nil
}

// azureCLI reports whether FlowAuto may use az.
func (o Options) azureCLI() bool { return o.AllowAzureCLI && o.AzPath != "" }
