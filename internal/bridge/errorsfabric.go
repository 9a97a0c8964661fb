// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/livy-kernel/livy-kernel/livy"
)

// wordFabric words what Fabric refuses: which right is missing, or which id is
// not there. It returns nil where the general words say as much.
func (b *Bridge) wordFabric(api *livy.APIError, said string) error {
	e, err := livy.ParseFabricEndpoint(b.profile.Endpoint)
	if b.dialect != livy.DialectFabric || err != nil {
		return nil
	}
	var names []string
	for _, name := range []string{api.Code, api.RequestID} {
		if name != "" {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		said += "; " + strings.Join(names, ", request ")
	}
	switch api.StatusCode {
	case http.StatusForbidden:
		return newError("AccessDenied", fmt.Sprintf(
			"you may not do this in workspace %s (%s); ask there for the role Contributor, or a higher one. Where you have it, the application lacks a permission: livy-kernel doctor %s names those",
			e.Workspace, said, b.profile.Name), nil)
	case http.StatusNotFound:
		missing := map[string]string{"WorkspaceNotFound": "workspace " + e.Workspace, "ItemNotFound": "lakehouse " + e.Lakehouse}[api.Code]
		if missing == "" && strings.HasPrefix(api.Op, "create") {
			missing = "workspace " + e.Workspace + " or lakehouse " + e.Lakehouse
		}
		if missing != "" {
			return newError("NotFound", fmt.Sprintf(
				"%s is not there, or you may not see it (%s); copy the connection string again and run livy-kernel install %s --endpoint URL", missing, said, b.profile.Name), nil)
		}
	}
	return nil
}
