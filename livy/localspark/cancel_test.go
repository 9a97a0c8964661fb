// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// cancelCase is code that runs for ever. It makes the file MARK once it is at
// what it is to be cancelled in.
type cancelCase struct {
	kind livy.Kind
	code string
	want string // the beginning of the output's error, with … for anything
}

const scalaMark = `new java.io.File(MARK).createNewFile(); `

// testCancel cancels code in every place where it can hang. Each statement
// must end by it, and the next one must run at once.
func (s *session) testCancel(t *testing.T) {
	cases := []cancelCase{
		{"pyspark", "import time\nopen(MARK, 'w'); time.sleep(600)", "KeyboardInterrupt: "},
		{"pyspark", "open(MARK, 'w')\nwhile True: pass", "KeyboardInterrupt: "},
		{"pyspark", "open(MARK, 'w'); import threading; threading.Event().wait()", "KeyboardInterrupt: "},
		{"pyspark", "open(MARK, 'w'); sc._jvm.java.lang.Thread.sleep(600000)", "KeyboardInterrupt: "},
		{"pyspark", "sc.parallelize(range(4), 4).foreach(lambda _: (open(MARK, 'w'), time.sleep(600)))", "Py4JJavaError: …cancelled part of cancelled job group"},
		{"spark", scalaMark + "Thread.sleep(600000)", "Error: java.lang.InterruptedException: sleep interrupted"},
		{"spark", "sc.parallelize(1 to 4, 4).foreach(_ => { " + scalaMark + "Thread.sleep(600000) })", "Error: org.apache.spark.SparkException: Job …cancelled part of cancelled job group"},
		{"sql", "select sleep_for_ever(id) from range(1)", "Error: Job …cancelled part of cancelled job group"},
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("%s %.30q", c.kind, c.code), func(t *testing.T) {
			s.cancelled(t.Context(), t, c)
			if got := show(t, s.run(t.Context(), t, "pyspark", "spark.range(4).count()")); got != "4" {
				t.Errorf("afterwards a count gives %q", got)
			}
			if got := show(t, s.run(t.Context(), t, "spark", "println(spark.range(4).count())")); got != "4\n" {
				t.Errorf("afterwards a count in Scala gives %q", got)
			}
		})
	}
	t.Run("code that catches the interrupt", func(t *testing.T) {
		out := s.cancel(t.Context(), t, "pyspark", "for _ in range(3):\n  try:\n    mark = open(MARK, 'w'); time.sleep(600)\n  except BaseException as e: print(type(e).__name__)")
		if got := show(t, out); got != strings.TrimSpace(strings.Repeat("KeyboardInterrupt\n", 3)) {
			t.Errorf("the cell shows %q", got)
		}
	})
	t.Run("before it begins", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if out := s.run(ctx, t, "pyspark", "time.sleep(600)"); out.EName != "KeyboardInterrupt" {
			t.Errorf("the output is %+v", out)
		}
	})
}

// cancelled cancels a statement and looks at its error.
func (s *session) cancelled(ctx context.Context, t *testing.T, c cancelCase) {
	t.Helper()
	out := s.cancel(ctx, t, c.kind, c.code)
	got := show(t, out)
	start, part, _ := strings.Cut(c.want, "…")
	if out.Status != "error" || !strings.HasPrefix(got, start) || !strings.Contains(got, part) {
		t.Errorf("the output is %.300q, want %q", got, c.want)
	}
}

// cancel cancels code once it has made its mark.
func (s *session) cancel(ctx context.Context, t *testing.T, kind livy.Kind, code string) server.Output {
	t.Helper()
	mark := filepath.Join(t.TempDir(), "mark")
	if kind == "sql" {
		s.run(ctx, t, "pyspark", fmt.Sprintf("def sleep(_): open(%q, 'w'); time.sleep(600)\nspark.udf.register('sleep_for_ever', sleep, 'int') and None", mark))
	}
	code = strings.ReplaceAll(code, "MARK", fmt.Sprintf("%q", mark))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer cancel()
		waitFor(ctx, func() bool { _, err := os.Stat(mark); return err == nil })
	}()
	return s.run(ctx, t, kind, code)
}

// waitFor asks until the answer is yes, and reports whether it came before the
// end of ctx and within a minute.
func waitFor(ctx context.Context, yes func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !yes() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
	return true
}
