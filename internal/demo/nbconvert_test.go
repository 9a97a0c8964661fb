// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package demo

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// standIn is a Python that plays nbconvert: a shell script, with OUT as the
// file that it is to write.
func standIn(t *testing.T, script string) nbconvert {
	t.Helper()
	dir := t.TempDir()
	python := filepath.Join(dir, "python")
	const head = "#!/bin/sh\nfor a; do [ \"$before\" = --output ] && OUT=$a; before=$a; done\n"
	if err := os.WriteFile(python, []byte(head+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return nbconvert{python: python, env: []string{"PATH=/usr/bin:/bin"}, dataDir: dir, executed: filepath.Join(dir, "executed.ipynb")}
}

var duration = regexp.MustCompile(`\d+\.\d s`)

func TestCellsAreTold(t *testing.T) {
	run := standIn(t, `
{
printf '%s\n' '{"event": "begin", "source": "a = 1\nb"}'
printf '%s\n' '{"event": "end", "source": "a = 1\nb", "status": "ok", "expected": false, "shown": "1\n2"}'
printf '%s\n' '{"event": "begin", "source": "%%sql\nselect 1"}'
printf '%s\n' '{"event": "end", "source": "%%sql\nselect 1", "status": "error", "expected": true, "shown": "Error: no"}'
} >> "$LIVY_KERNEL_DEMO_EVENTS"
[ "$JUPYTER_PATH" ] && cat > "$OUT" < "$(dirname "$OUT")/quickstart.ipynb"
`)
	var shown bytes.Buffer
	if err := run.execute(t.Context(), []byte("{notebook}"), &terminal{out: &shown}); err != nil {
		t.Fatal(err)
	}
	want := `
[1] a = 1
   starting a Spark session first …
      1
      2
   ok in N s

[2] %%sql select 1
      Error: no
   failed, as it should in N s
`
	if diff := cmp.Diff(want, duration.ReplaceAllString(shown.String(), "N s")); diff != "" {
		t.Error(diff)
	}
	if executed, err := os.ReadFile(run.executed); err != nil || string(executed) != "{notebook}" {
		t.Errorf("executed notebook: %q, %v", executed, err)
	}
}

func TestAFailingRunIsOneSentence(t *testing.T) {
	run := standIn(t, "echo Traceback >&2; echo 'nbclient.exceptions.CellExecutionError: ValueError: bad' >&2; exit 1\n")
	err := run.execute(t.Context(), nil, &terminal{out: &bytes.Buffer{}})
	if err == nil || err.Error() != "the quickstart failed: nbclient.exceptions.CellExecutionError: ValueError: bad" {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat(run.executed); err == nil {
		t.Error("a notebook was kept")
	}
}

// Of a cell that fails and was not to, all is shown: the reason may stand in
// the lines above its error.
func TestAFailingCellIsNamed(t *testing.T) {
	run := standIn(t, `
{
printf '%s\n' '{"event": "begin", "source": "a"}'
printf '%s\n' '{"event": "end", "source": "a", "status": "ok", "expected": false, "shown": ""}'
printf '%s\n' '{"event": "begin", "source": "b"}'
printf '%s\n' '{"event": "end", "source": "b", "status": "error", "expected": false, "shown": "no memory\nSessionLost: gone"}'
} >> "$LIVY_KERNEL_DEMO_EVENTS"
echo 'something of nbconvert' >&2
exit 1
`)
	var shown bytes.Buffer
	err := run.execute(t.Context(), nil, &terminal{out: &shown})
	if err == nil || err.Error() != "the quickstart failed in cell 2, whose error stands above" {
		t.Errorf("error is %v", err)
	}
	if want := "[2] b\n      no memory\n      SessionLost: gone\n   failed in N s\n"; !strings.HasSuffix(duration.ReplaceAllString(shown.String(), "N s"), want) {
		t.Errorf("shown: %s", shown.String())
	}
}

func TestCtrlCInterruptsTheRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	dir := t.TempDir()
	run := standIn(t, "trap 'echo interrupted > "+dir+"/seen; exit 1' INT\necho '{\"event\": \"begin\", \"source\": \"x\"}' >> \"$LIVY_KERNEL_DEMO_EVENTS\"\nwhile :; do sleep 0.05; done\n")
	out := writerFunc(func(text string) {
		if strings.HasPrefix(text, "\n[1]") {
			cancel()
		}
	})
	if err := run.execute(ctx, nil, &terminal{out: out}); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "seen")); err != nil {
		t.Error("the program was not interrupted")
	}
}

type writerFunc func(string)

func (f writerFunc) Write(b []byte) (int, error) {
	f(string(b))
	return len(b), nil
}

func TestTitle(t *testing.T) {
	for source, want := range map[string]string{
		"a\nb":                   "a",
		"%%spark\nval x = 1\ny":  "%%spark val x = 1",
		"%%session stop":         "%%session stop",
		strings.Repeat("é", 200): strings.Repeat("é", 99) + "…",
	} {
		if got := title(source); got != want {
			t.Errorf("%q is %q, want %q", source, got, want)
		}
	}
}
