// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// hostile is what data, or a server, may send: markup that runs, and control
// sequences that write the clipboard, the title and links of a terminal.
const hostile = `<script>x</script><img src=x onerror=y><svg/onload=z>[a](javascript:b)<button data-commandlinker-command="c">` +
	"\x1b]52;c;aGk=\x07\x1b]0;title\x07\x1b]8;;http://e\x1b\\link\u202e\u009b2J\x00"

func quoted(t *testing.T, s string) string {
	t.Helper()
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// everything returns what a cell has published, by its type.
func (r *recorder) everything() map[string][]string {
	all := map[string][]string{}
	add := func(data kernel.MIMEBundle) {
		for mime, raw := range data {
			var text string
			if json.Unmarshal(raw, &text) == nil {
				all[mime] = append(all[mime], text)
			}
		}
	}
	for _, d := range r.displays {
		add(d.Data)
	}
	for _, data := range r.results {
		add(data)
	}
	for _, text := range r.streams {
		all["text/plain"] = append(all["text/plain"], text)
	}
	return all
}

var active = regexp.MustCompile(`(?i)<(script|img|svg|button)|\son\w+=[^&]*[^;]>|href="javascript`)

// inert fails where text steers a terminal, or markup holds what would run.
func inert(t *testing.T, what string, shown map[string][]string) {
	t.Helper()
	for mime, texts := range shown {
		for _, text := range texts {
			if strings.ContainsAny(text, "\x07\x00\u202e\u009b") || strings.Contains(text, "\x1b]") {
				t.Errorf("%s: controls are left in %s: %q", what, mime, text)
			}
			if mime == "text/html" && active.MatchString(text) {
				t.Errorf("%s: markup is left: %q", what, text)
			}
		}
	}
}

// TestRow70HostileServer has nothing that the kernel builds of names, messages
// and data run, or steer a terminal.
func TestRow70HostileServer(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.engine.SetApp(server.App{ID: hostile, UIURL: "https://livy.example/" + hostile})
	inert(t, "welcome", bn.must("1+1").everything())
	inert(t, "%%info", bn.must("%%info").everything())
	bn.engine.On("log", livytest.Log(livytest.Text(""), hostile))
	bn.must("log")
	inert(t, "%%logs", bn.must("%%logs").everything())
	bn.server.Inject("GET /sessions", livytest.Status(http.StatusOK, `{"from":0,"total":1,"sessions":[{"id":9,"state":"idle","name":`+quoted(t, hostile)+`}]}`))
	list := bn.must("%%session list")
	if !strings.Contains(list.shown(), "javascript:b") {
		t.Errorf("the name is not listed: %q", list.shown())
	}
	inert(t, "%%session list", list.everything())

	bn.engine.On("fail", livytest.Error(hostile, hostile, hostile+"\n", hostile+": "+hostile+"\n"))
	r, err := bn.run("fail")
	e := cellError(t, err)
	inert(t, "error", map[string][]string{"text/plain": append([]string{e.EName, e.EValue}, e.Traceback...)})
	inert(t, "beside the error", r.everything())
	inert(t, "%tb", bn.must("%tb").everything())

	// What the user's own code shows as HTML is the user's.
	bn.engine.On("html", livytest.Data(map[string]json.RawMessage{"text/html": json.RawMessage(quoted(t, "<b onclick=x>mine</b>"))}))
	if got := bn.must("html").everything()["text/html"]; len(got) != 1 || got[0] != "<b onclick=x>mine</b>" {
		t.Errorf("the user's HTML became %q", got)
	}
}

// TestRow71HostileTable escapes the cells and the heads of a table, cuts a value
// of 1 MB, and leaves each number as it is.
func TestRow71HostileTable(t *testing.T) {
	bn := newBench(t, livy.KindSQL)
	bn.engine.On("select", livytest.Data(map[string]json.RawMessage{"application/json": json.RawMessage(
		`{"schema":{"type":"struct","fields":[{"name":` + quoted(t, hostile) + `,"type":"string"},{"name":"n","type":"long"},` +
			`{"name":"f","type":"double"},{"name":"d","type":"decimal(38,18)"}]},"data":[` +
			`[` + quoted(t, hostile) + `,-9223372036854775808,"NaN",1.000000000000000001],` +
			`["\"quoted\" 'n' & \u0000",9007199254740993,"-Infinity",null],` +
			`["` + strings.Repeat("ž", 1<<20) + `",0,1e300,99999999999999999999.999999999999999999]]}`)}))
	r := bn.must("select")
	inert(t, "table", r.everything())
	html, text := r.everything()["text/html"][0], textOf(r.results[0])
	for _, want := range []string{"-9223372036854775808", "9007199254740993", "NaN", "-Infinity", "1.000000000000000001", "99999999999999999999.999999999999999999", "NULL", `\u0000`} {
		if !strings.Contains(html, want) || !strings.Contains(text, want) {
			t.Errorf("%s is not shown", want)
		}
	}
	for _, want := range []string{"&#34;quoted&#34; &#39;n&#39; &amp;", "1 value cut to 1,000 characters"} {
		if !strings.Contains(html, want) {
			t.Errorf("the HTML lacks %q", want)
		}
	}
	if len(html) > 64<<10 {
		t.Errorf("the HTML has %d bytes", len(html))
	}
}

// TestRow38LongTracebackOfAServer keeps what an error is called and says, and
// cuts and filters the rest.
func TestRow38LongTracebackOfAServer(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.engine.On("fail", livytest.Error("RuntimeError", "the reason", "Traceback (most recent call last):\n",
		strings.Repeat("  \x1b[2J\x1b]0;t\x07ž\x1b[31mline\x1b[0m\n", 80_000), "RuntimeError: the reason\n"))
	_, err := bn.run("fail")
	e := cellError(t, err)
	shown := strings.Join(e.Traceback, "\n")
	if e.EName != "RuntimeError" || e.EValue != "the reason" || !strings.Contains(shown, "bytes left out") || len(shown) > 300<<10 {
		t.Errorf("%s: %s, %d bytes", e.EName, e.EValue, len(shown))
	}
	inert(t, "error", map[string][]string{"text/plain": {shown}})
	if strings.Contains(shown, "\x1b[2J") {
		t.Error("a control sequence other than colour is left")
	}
}

// TestRow72StdoutOfAStatement keeps the colour of what code prints, and nothing
// else that steers a terminal.
func TestRow72StdoutOfAStatement(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.engine.On("print", livytest.Text("\x1b[32mgreen\x1b[0m\x1b]52;c;aGk=\x07\x1b]0;t\x07\x1b]8;;http://e\x1b\\link\x1b]8;;\x1b\\"))
	if got := bn.must("print").streams[wire.Stdout]; got != "\x1b[32mgreen\x1b[0mlink\n" {
		t.Errorf("got %q", got)
	}
}
