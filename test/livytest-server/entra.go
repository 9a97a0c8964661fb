// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"

	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
	"github.com/livy-kernel/livy-kernel/livy/auth/entra"
)

// entraApp is what a client has to be configured with, as it is printed.
type entraApp struct {
	Authority string `json:"authority"`
	Tenant    string `json:"tenant"`
	ClientID  string `json:"client_id"`
	Secret    string `json:"secret"`
	User      string `json:"user"`
}

// newEntra starts a sign-in service with one person and one application, which
// has a secret, and all permissions by consent.
func newEntra() (*authtest.Authority, entraApp) {
	authority := authtest.New()
	app := entraApp{authority.URL, authority.Tenant, "7e7a0000-0000-4000-8000-00000000c001", "secret-of-the-application", "ann@" + authority.Domain}
	authority.AddUser(app.User)
	authority.Register(authtest.App{
		ID: app.ClientID, Resource: entra.FabricResource, Secret: app.Secret, Public: true, Redirects: []string{"http://localhost"},
		Permissions: entra.FabricScopes(), Consented: entra.FabricScopes(),
	})
	return authority, app
}

// writeCA writes the certificates to trust.
func writeCA(dir string, certificates ...[]byte) error {
	var bundle bytes.Buffer
	for _, der := range certificates {
		if err := pem.Encode(&bundle, &pem.Block{Type: "CERTIFICATE", Bytes: der}); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), bundle.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write the certificates: %w", err)
	}
	return nil
}

// describe puts the application into one line.
func (a entraApp) describe() (string, error) {
	line, err := json.Marshal(a) //nolint:gosec // a stand-in's secret, for the test that started it
	return string(line), err
}
