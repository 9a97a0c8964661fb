// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

// FabricEndpoint is what the "Session job connection string" of a lakehouse in
// Microsoft Fabric says.
type FabricEndpoint struct {
	URL       string // of the Livy API, without what follows its version
	Workspace string // GUID
	Lakehouse string // GUID
	Version   string // of the Livy API, a date
}

var (
	guidPattern        = lazyregexp.New(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	apiVersionPattern  = lazyregexp.New(`^[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?$`)
	fabricPathPattern  = lazyregexp.New(`^/v1/workspaces/([^/]*)/lakehouses/([^/]*)/livyApi/versions/([^/]*)((?:/.*)?)$`)
	fabricPathSpelling = lazyregexp.New(`(?i)/livyapi/`) // Microsoft's own pages have it both ways
)

// fabricForm shows what a connection string looks like.
const fabricForm = "https://api.fabric.microsoft.com/v1/workspaces/<workspace id>/lakehouses/<lakehouse id>/livyApi/versions/2023-12-01/sessions"

// ParseFabricEndpoint reads a connection string as the portal shows it, with or
// without what follows the version. The error names what is wrong with it.
func ParseFabricEndpoint(endpoint string) (FabricEndpoint, error) {
	base, err := parseEndpoint(endpoint)
	if err != nil {
		return FabricEndpoint{}, err
	}
	return fabricEndpoint(base)
}

func fabricEndpoint(base *url.URL) (FabricEndpoint, error) {
	if base.Scheme != "https" && !loopback(base.Hostname()) {
		return FabricEndpoint{}, errors.New("endpoint of Fabric must begin with https://")
	}
	path := fabricPathSpelling.Get().ReplaceAllString(base.EscapedPath(), "/livyApi/")
	parts := fabricPathPattern.Get().FindStringSubmatch(path)
	if parts == nil {
		return FabricEndpoint{}, errors.New("endpoint is not a session job connection string of Fabric; that looks like " + fabricForm)
	}
	workspace, lakehouse, version, rest := parts[1], parts[2], parts[3], parts[4]
	switch {
	case !guidPattern.MatchString(workspace):
		return FabricEndpoint{}, fmt.Errorf("endpoint has the workspace id %.60q, which is not a GUID", workspace)
	case !guidPattern.MatchString(lakehouse):
		return FabricEndpoint{}, fmt.Errorf("endpoint has the lakehouse id %.60q, which is not a GUID", lakehouse)
	case !apiVersionPattern.MatchString(version):
		return FabricEndpoint{}, fmt.Errorf("endpoint has the API version %.60q, which is not a date such as 2023-12-01", version)
	case rest == "/batches":
		return FabricEndpoint{}, errors.New("endpoint is the one for batch jobs; take the session job connection string")
	case rest != "" && rest != "/highConcurrencySessions":
		return FabricEndpoint{}, fmt.Errorf("endpoint goes on with %.60q after its version, where nothing but /sessions may stand", rest)
	}
	u := url.URL{Scheme: base.Scheme, Host: base.Host, Path: strings.TrimSuffix(path, rest)}
	return FabricEndpoint{URL: u.String(), Workspace: workspace, Lakehouse: lakehouse, Version: version}, nil
}

// MonitoringURL returns the address of a session's page in Fabric's Monitoring
// hub. The address is not documented; several programs build it like this.
func (e FabricEndpoint) MonitoringURL(id SessionID) string {
	if !id.Valid() {
		return ""
	}
	return "https://app.fabric.microsoft.com/workloads/de-ds/sparkmonitor/" + e.Lakehouse + "/" + string(id)
}
