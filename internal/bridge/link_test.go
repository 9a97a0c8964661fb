// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy"
)

// TestRow70Link lets no address of a server become an active link but https,
// and http to this machine.
func TestRow70Link(t *testing.T) {
	for in, want := range map[string]string{
		"https://spark.example/ui?token=x#y":   "https://spark.example/ui",
		"https://user:secret@spark.example/":   "https://spark.example/",
		"http://127.0.0.1:4040":                "http://127.0.0.1:4040",
		"http://localhost:4040/jobs/":          "http://localhost:4040/jobs/",
		"http://[::1]:4040":                    "http://[::1]:4040",
		"http://spark.example":                 "",
		"http://127.0.0.1.example":             "",
		"javascript:alert(1)":                  "",
		"data:text/html,x":                     "",
		"//spark.example":                      "",
		"https:///path":                        "",
		"":                                     "",
		"https://spark.example/\"><script>":    "https://spark.example/%22%3E%3Cscript%3E",
		"https://spark.example/\u202e\x1b]0;x": "",
	} {
		if got, ok := safeLink(in); got != want || ok != (want != "") {
			t.Errorf("%q: got %q, %t; want %q", in, got, ok, want)
		}
	}
	if got, want := anchor(`https://x/"`, "<b>"), `<a href="https://x/&#34;" target="_blank" rel="noopener noreferrer">&lt;b&gt;</a>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestSessionLink shows a link that leads somewhere from the user's machine, and
// names the machine where that is another one than the server.
func TestSessionLink(t *testing.T) {
	for _, c := range []struct{ endpoint, ui, link, what string }{
		{config.EndpointLocal, "http://127.0.0.1:4040", "http://127.0.0.1:4040", "Spark UI"},
		{"http://127.0.0.1:8998", "http://localhost:4040", "http://localhost:4040", "Spark UI on localhost"},
		{"http://127.0.0.1:8998", "http://127.0.0.1:4040", "http://127.0.0.1:4040", "Spark UI"},
		{"https://livy.example", "http://127.0.0.1:4040", "", ""},
		{"https://livy.example", "https://livy.example:8443/ui", "https://livy.example:8443/ui", "Spark UI"},
		{"https://livy.example", "https://elsewhere.example/ui", "https://elsewhere.example/ui", "Spark UI on elsewhere.example"},
		{"https://livy.example", "javascript:alert(1)", "", ""},
		{"https://livy.example", "", "", ""},
	} {
		link, what := SessionLink(config.Profile{Endpoint: c.endpoint}, livy.Session{AppInfo: map[string]string{"sparkUiUrl": c.ui}})
		if link != c.link || what != c.what {
			t.Errorf("%s of %s: %q, %q", c.ui, c.endpoint, link, what)
		}
	}
}

// TestRow75AskedUI: the kernel asks no web UI on another host than the server's,
// nor the Monitoring hub, whatever address the server names.
func TestRow75AskedUI(t *testing.T) {
	const fabric = "https://api.fabric.microsoft.com/v1/workspaces/7e7a0000-0000-4000-8000-00000000a001/lakehouses/7e7a0000-0000-4000-8000-00000000b001/livyApi/versions/2023-12-01"
	for _, c := range []struct {
		dialect             livy.Dialect
		endpoint, ui, asked string
	}{
		{livy.DialectApache, config.EndpointLocal, "http://127.0.0.1:4040", "http://127.0.0.1:4040"},
		{livy.DialectApache, "http://127.0.0.1:8998", "http://127.0.0.1:4040", "http://127.0.0.1:4040"},
		{livy.DialectApache, "https://livy.example", "https://livy.example:8443/ui", "https://livy.example:8443/ui"},
		{livy.DialectApache, "https://livy.example", "https://elsewhere.example/ui", ""},
		{livy.DialectApache, "https://livy.example", "https://169.254.169.254/latest", ""},
		{livy.DialectApache, "https://livy.example", "http://127.0.0.1:4040", ""},
		{livy.DialectFabric, fabric, "https://api.fabric.microsoft.com/ui", ""},
	} {
		got := askedUI(config.Profile{Dialect: string(c.dialect), Endpoint: c.endpoint}, livy.Session{ID: "7e7a0000-0000-4000-8000-00000000c001", AppInfo: map[string]string{"sparkUiUrl": c.ui}})
		if got != c.asked {
			t.Errorf("%s of %s: asks %q", c.ui, c.endpoint, got)
		}
	}
}
