// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import "testing"

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
