// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// FabricResource is what Microsoft Fabric's tokens are for.
const FabricResource = "https://api.fabric.microsoft.com"

// fabricScopes are the permissions that the Livy API of Fabric asks for.
var fabricScopes = []string{
	"Lakehouse.Execute.All",
	"Lakehouse.Read.All",
	"Item.ReadWrite.All",
	"Workspace.ReadWrite.All",
	"Code.AccessStorage.All",
	"Code.AccessAzureKeyvault.All",
	"Code.AccessAzureDataExplorer.All",
	"Code.AccessAzureDataLake.All",
	"Code.AccessFabric.All",
}

// FabricScopes returns what a person is asked to consent to by default.
func FabricScopes() []string { return qualified(FabricResource, fabricScopes) }

// qualified puts the resource before scopes that name none.
func qualified(resource string, scopes []string) []string {
	out := make([]string, 0, len(scopes))
	for _, scope := range scopes {
		if !strings.Contains(scope, "://") {
			scope = resource + "/" + scope
		}
		if !slices.Contains(out, scope) {
			out = append(out, scope)
		}
	}
	return out
}

// short returns a scope as portals show it.
func short(scope string) string { return scope[strings.LastIndexByte(scope, '/')+1:] }

// allGranted is the scope that stands for all that an application was granted.
func allGranted(resource string) string { return resource + "/.default" }

// CacheName returns the name of the token cache for an application at an
// authority: the sign-ins that may share one.
func CacheName(authority, tenant, clientID string) string {
	who := strings.ToLower(strings.Join([]string{
		strings.TrimRight(or(authority, PublicAuthority), "/"), or(tenant, organizations), clientID,
	}, "\n"))
	sum := sha256.Sum256([]byte(who))
	return "entra-" + hex.EncodeToString(sum[:8])
}
