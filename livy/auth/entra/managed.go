// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"errors"
	"net"
	"net/http"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/managedidentity"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// managedIdentity gets a token for the identity that the machine has been
// given; with a client id, for that one of several.
func (s *Source) managedIdentity(ctx context.Context, n need) (token, error) {
	id := managedidentity.SystemAssigned()
	if s.o.ClientID != "" {
		id = managedidentity.UserAssignedClientID(s.o.ClientID)
	}
	client, err := managedidentity.New(id, managedidentity.WithHTTPClient(&machineClient{s.client}))
	if err != nil {
		return token{}, &auth.SignInError{Meaning: "this machine's managed identity cannot be used as it is set up"}
	}
	// The claims keep MSAL from its own cache, which is the whole process's and
	// would give a refused token again.
	got, err := client.AcquireToken(ctx, s.o.Resource, managedidentity.WithClaims(or(n.claims, anyClaims)))
	if err != nil {
		return token{}, s.failed(ctx, err)
	}
	return token{
		secret: auth.NewSecret(got.AccessToken), got: now(), expires: got.ExpiresOn.Round(0),
		account: or(s.o.ClientID, "this machine's identity"),
	}, nil
}

// machineClient speaks with the machine's own identity service. MSAL finds its
// address in the environment, which is not trusted, so it must be one of this
// machine or its nearest network.
type machineClient struct{ client *client }

// Do implements MSAL's HTTPClient.
func (m *machineClient) Do(req *http.Request) (*http.Response, error) {
	host := req.URL.Hostname()
	if ip := net.ParseIP(host); !auth.Loopback(host) && (ip == nil || !ip.IsLinkLocalUnicast() && !ip.IsPrivate()) {
		return nil, &auth.SignInError{Meaning: "the address of the managed identity in the environment is not one of this machine"}
	}
	resp, err := m.client.once(req)
	var unreachable *auth.UnreachableError
	if errors.As(err, &unreachable) {
		unreachable.Host = host
	}
	return resp, err
}

// CloseIdleConnections implements MSAL's HTTPClient.
func (m *machineClient) CloseIdleConnections() { m.client.CloseIdleConnections() }
