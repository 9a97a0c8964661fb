// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
)

const (
	workspace = "0a1b2c3d-1111-4222-8333-444455556666"
	lakehouse = "9f8e7d6c-aaaa-4bbb-8ccc-ddddeeeeffff"
	fabricURL = "https://api.fabric.microsoft.com/v1/workspaces/" + workspace + "/lakehouses/" + lakehouse + "/livyApi/versions/2023-12-01"
)

func TestDialectOfHost(t *testing.T) {
	for endpoint, want := range map[string]livy.Dialect{
		fabricURL + "/sessions":                             livy.DialectFabric,
		"https://API.Fabric.Microsoft.com:443/v1":           livy.DialectFabric,
		"https://0a1b.z0a.w.api.fabric.microsoft.com/v1":    livy.DialectFabric,
		"https://api.fabric.microsoft.com.attacker.example": livy.DialectApache,
		"https://notapi.fabric.microsoft.com":               livy.DialectApache,
		"https://h/api.fabric.microsoft.com":                livy.DialectApache,
		"http://localhost:8998":                             livy.DialectApache,
		":\x7f":                                             livy.DialectApache,
	} {
		if got := livy.DialectOf(endpoint); got != want {
			t.Errorf("%q: %q, want %q", endpoint, got, want)
		}
	}
	if _, err := livy.New("http://h", livy.WithDialect("klingon")); err == nil {
		t.Error("an unknown dialect is taken")
	}
}

// TestFabricConnectionStrings are those that people paste.
func TestFabricConnectionStrings(t *testing.T) {
	lower := strings.Replace(fabricURL, "livyApi", "livyapi", 1)
	for _, pasted := range []string{
		fabricURL, fabricURL + "/", fabricURL + "/sessions", "  " + fabricURL + "/sessions\n", lower, lower + "/sessions/", fabricURL + "/highConcurrencySessions",
	} {
		e, err := livy.ParseFabricEndpoint(pasted)
		want := livy.FabricEndpoint{URL: fabricURL, Workspace: workspace, Lakehouse: lakehouse, Version: "2023-12-01"}
		if err != nil || e != want {
			t.Errorf("%q: %+v, %v", pasted, e, err)
		}
	}
	for pasted, want := range map[string]string{
		strings.Replace(fabricURL, workspace, "sales", 1):         `endpoint has the workspace id "sales", which is not a GUID`,
		strings.Replace(fabricURL, lakehouse, lakehouse+"0", 1):   `endpoint has the lakehouse id "` + lakehouse + `0", which is not a GUID`,
		strings.Replace(fabricURL, "2023-12-01", "latest", 1):     `endpoint has the API version "latest", which is not a date such as 2023-12-01`,
		fabricURL + "/batches":                                    `endpoint is the one for batch jobs; take the session job connection string`,
		fabricURL + "/sessions/7/statements":                      `endpoint goes on with "/sessions/7/statements" after its version, where nothing but /sessions may stand`,
		"https://api.fabric.microsoft.com/v1":                     "endpoint is not a session job connection string of Fabric",
		strings.Replace(fabricURL, "/"+workspace, "", 1):          "endpoint is not a session job connection string of Fabric",
		strings.Replace(fabricURL, "https", "http", 1):            "endpoint of Fabric must begin with https://",
		strings.Replace(fabricURL, workspace, "%2e%2e", 1):        `endpoint has the workspace id "%2e%2e"`,
		strings.Replace(fabricURL, workspace, workspace+"%2F", 1): `endpoint has the workspace id`,
		fabricURL + "?token=" + canary:                            "endpoint has a query",
		strings.Replace(fabricURL, "//", "//u:"+canary+"@", 1):    "endpoint holds a user name",
	} {
		_, err := livy.New(pasted, livy.WithDialect(livy.DialectFabric))
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), canary) {
			t.Errorf("%q: %v\nwant %s", pasted, err, want)
		}
	}
}

func FuzzFabricEndpoint(f *testing.F) {
	f.Add(fabricURL + "/sessions")
	f.Add(strings.Replace(fabricURL, "A", "%41", 1))
	f.Fuzz(func(t *testing.T, pasted string) {
		e, err := livy.ParseFabricEndpoint(pasted)
		if err != nil {
			return
		}
		u, err := url.Parse(e.URL)
		if err != nil || u.User != nil || u.RawQuery != "" || u.Host == "" || strings.Contains(u.EscapedPath(), "%") {
			t.Errorf("%q gives %q (%v)", pasted, e.URL, err)
		}
		if again, err := livy.ParseFabricEndpoint(e.URL); err != nil || again != e {
			t.Errorf("%q gives %+v, and that %+v, %v", pasted, e, again, err)
		}
	})
}

func TestMonitoringURL(t *testing.T) {
	for endpoint, want := range map[string]string{
		fabricURL:       "https://app.fabric.microsoft.com/workloads/de-ds/sparkmonitor/" + lakehouse + "/7-a",
		"http://h:8998": "",
	} {
		client, err := livy.New(endpoint)
		if err != nil {
			t.Fatal(err)
		}
		if got := client.MonitoringURL("7-a"); got != want {
			t.Errorf("%s: %s, want %s", endpoint, got, want)
		}
		if got := client.MonitoringURL(`"><script>`); got != "" {
			t.Error(got)
		}
	}
}

// TestBodyOfADialect: on Fabric a field too many costs minutes, or the session.
func TestBodyOfADialect(t *testing.T) {
	body := livy.CreateSessionRequest{Name: "n", Tags: map[string]string{"a": "b"}}
	if err := livy.DialectFabric.Check(body); err != nil {
		t.Error(err)
	}
	if err := livy.DialectApache.Check(livy.CreateSessionRequest{Kind: livy.KindPySpark, HeartbeatTimeoutInSecond: 1, TTL: "1h"}); err != nil {
		t.Error(err)
	}
	body.Kind, body.HeartbeatTimeoutInSecond = livy.KindPySpark, 3600
	sent := 0
	client, err := livy.New(fabricURL, livy.WithTransport(scripted(func(r *http.Request) (int, string) {
		sent++
		return 202, `{}`
	})))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.CreateSession(t.Context(), body)
	const want = "create session: the dialect fabric has no heartbeatTimeoutInSecond, kind in the body of a session; it knows " +
		"archives, conf, driverCores, driverMemory, executorCores, executorMemory, name, numExecutors, tags"
	if !errors.As(err, new(*livy.FieldError)) || err.Error() != want || sent != 0 {
		t.Errorf("sent %d, error %v", sent, err)
	}
}
