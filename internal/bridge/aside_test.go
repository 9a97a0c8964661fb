// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// onQuestion has the statements that ask Python beside the cells do then, and
// all cells show nothing.
func onQuestion(b *Bridge, engine *livytest.Engine, then livytest.Behaviour) {
	engine.Otherwise(func(ctx context.Context, call livytest.Call) (server.Output, error) {
		if strings.Contains(call.Code, b.mark) {
			return then(ctx, call)
		}
		return livytest.TextOutput(""), nil
	})
}

func matches(t *testing.T, b *Bridge, code string) []string {
	t.Helper()
	found, err := b.Complete(t.Context(), code, len([]rune(code)))
	if err != nil {
		t.Fatal(err)
	}
	return found.Matches
}

func runs(t *testing.T, b *Bridge, code string) *recorder {
	t.Helper()
	r := &recorder{}
	if err := b.Execute(t.Context(), cell(code), r); err != nil {
		t.Fatalf("%q: %v", code, err)
	}
	return r
}

// TestAskingStartsNoSession: names are completed and described without one, and
// nobody is asked for one.
func TestAskingStartsNoSession(t *testing.T) {
	for _, kind := range []livy.Kind{livy.KindPySpark, livy.KindSpark, livy.KindSQL} {
		bn := newBench(t, kind)
		for _, code := range []string{"spark.", "df['", "select * from ", "select t. from t", "import os; os.pa", "%%sql\nshow ta", "x"} {
			matches(t, bn.bridge, code)
			if _, err := bn.bridge.Inspect(t.Context(), code, len(code)-1, 1); err != nil {
				t.Error(err)
			}
		}
		if n := len(bn.server.Requests()); n != 0 {
			t.Errorf("%s: %d requests", kind, n)
		}
	}
}

// TestAskedOnce: an idle session is asked, its answer comes before what the
// kernel knows by itself, and it holds until a cell has run.
func TestAskedOnce(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		onQuestion(b, engine, livytest.Text(b.mark+`{"names":["select","fare","fare_class"],"columns":["fare"]}`+b.mark))
		runs(t, b, "df = trips")
		const posts = "POST /sessions/*/statements"
		before := seen.count(posts)
		for range 3 {
			if diff := cmp.Diff([]string{"fare", "fare_class"}, matches(t, b, "df.fa")); diff != "" {
				t.Error(diff)
			}
		}
		if n := seen.count(posts) - before; n != 1 {
			t.Errorf("%d questions", n)
		}
		asked := engine.Ran()[len(engine.Ran())-1]
		if asked.Kind != livy.KindPySpark || !strings.Contains(asked.Code, `{\"op\":\"complete\",\"of\":[{\"op\":\"name\",\"name\":\"df\"}],\"detail\":0}`) {
			t.Errorf("asked %s: %s", asked.Kind, asked.Code)
		}
		runs(t, b, "df = others")
		matches(t, b, "df.fa")
		if n := seen.count(posts) - before; n != 3 {
			t.Errorf("%d statements, want two questions and a cell", n)
		}
	})
}

// TestQuestionHasItsTime: a session that does not answer in time is not waited
// for, and has its statement cancelled.
func TestQuestionHasItsTime(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		onQuestion(b, engine, livytest.Until(nil, nil))
		runs(t, b, "def fare(x): pass")
		began := time.Now()
		if got := matches(t, b, "far"); !slices.Equal(got, []string{"fare"}) {
			t.Errorf("what the kernel knows by itself: %v", got)
		}
		if took := time.Since(began); took != completeTime {
			t.Errorf("completion took %v", took)
		}
		time.Sleep(time.Minute)
		began = time.Now()
		if found, err := b.Inspect(t.Context(), "fare", 2, 0); err != nil || !strings.Contains(textOf(found), "def fare(x)") {
			t.Errorf("%v, %v", found, err)
		}
		if took := time.Since(began); took != inspectTime {
			t.Errorf("inspection took %v", took)
		}
		time.Sleep(time.Minute)
		if n := seen.count("POST /sessions/*/statements/*/cancel"); n != 2 {
			t.Errorf("%d of two questions were cancelled", n)
		}
	})
}

// TestCellGoesBeforeAQuestion: a cell that comes ends the question that is
// under way, and nobody waits.
func TestCellGoesBeforeAQuestion(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		hang, begun := signal(livytest.Until(nil, nil))
		onQuestion(b, engine, hang)
		runs(t, b, "x = 1")
		answered := make(chan time.Time)
		go func() {
			_ = matches(t, b, "x.")
			answered <- time.Now()
		}()
		<-begun
		came := time.Now()
		ran := make(chan time.Time)
		go func() {
			runs(t, b, "x = 2")
			ran <- time.Now()
		}()
		if waited := (<-answered).Sub(came); waited != 0 {
			t.Errorf("the completion held on for %v", waited)
		}
		if waited := (<-ran).Sub(came); waited > 100*time.Millisecond { // a poll or two
			t.Errorf("the cell waited %v", waited)
		}
		if n := seen.count("POST /sessions/*/statements/*/cancel"); n != 1 {
			t.Errorf("the question was cancelled %d times", n)
		}
	})
}

// TestNothingIsAskedBesideACell: while a cell runs, what the kernel knows by
// itself is told at once.
func TestNothingIsAskedBesideACell(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, _ *counter) {
		engine.OnComplete(func(livy.Kind, string, int) []string { return []string{"asked"} })
		onQuestion(b, engine, livytest.Text(b.mark+`{"names":["asked"]}`+b.mark))
		engine.On("show tables", livytest.Text(""))
		runs(t, b, "%%spark\nval first = 1")
		runs(t, b, "fare_amount = 1")
		release := make(chan struct{})
		work, begun := signal(livytest.Until(release, livytest.Text("")))
		engine.On("work", work)
		ended := make(chan error)
		go func() { ended <- b.Execute(t.Context(), cell("work"), &recorder{}) }()
		<-begun
		ran, began := len(engine.Ran()), time.Now()
		for code, want := range map[string]string{"fare_a": "fare_amount", "fare_amount.": "", "%%spark\nfirs": "first", "%%sql\nselect * from ": ""} {
			if got := matches(t, b, code); strings.Join(got, " ") != want {
				t.Errorf("%q: %v", code, got)
			}
			if _, err := b.Inspect(t.Context(), code, len(code)-1, 0); err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(began); took != 0 || len(engine.Ran()) != ran {
			t.Errorf("it took %v and %d statements", took, len(engine.Ran())-ran)
		}
		close(release)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestOnlyLanguagesInUseAreAsked: the first statement of a language wakes an
// interpreter, which takes seconds.
func TestOnlyLanguagesInUseAreAsked(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, _ *counter) {
		onQuestion(b, engine, livytest.Text(""))
		runs(t, b, "x = 1")
		ran := len(engine.Ran())
		matches(t, b, "%%sql\nselect * from ")
		if n := len(engine.Ran()) - ran; n != 0 {
			t.Errorf("%d questions in SQL", n)
		}
	})
}

// TestPrintedMeanwhileIsShown: what a thread of the user prints while a question
// is answered is the next cell's.
func TestPrintedMeanwhileIsShown(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, _ *counter) {
		onQuestion(b, engine, livytest.Text("from a thread\n"+b.mark+`{"names":["x"]}`+b.mark+"\nand more\n"))
		runs(t, b, "y = 1")
		matches(t, b, "y.")
		if got := runs(t, b, "y = 2").stdout(); got != "from a thread\nand more\n" {
			t.Errorf("shown: %q", got)
		}
		if got := runs(t, b, "y = 3").stdout(); got != "" {
			t.Errorf("shown again: %q", got)
		}
	})
}

// TestAnswersThatAreNone: whatever the session answers, the kernel's own answer
// stands.
func TestAnswersThatAreNone(t *testing.T) {
	for name, answer := range map[string]livytest.Behaviour{
		"nothing":   livytest.Text(""),
		"an error":  livytest.Error("NameError", "exec"),
		"no JSON":   livytest.Text("MARK{MARK"),
		"cut":       livytest.Text("MARK{\"names\":[\"fa"),
		"a failure": livytest.Text("MARK{\"failed\":\"KeyError\"}MARK"),
	} {
		t.Run(name, func(t *testing.T) {
			inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, _ *counter) {
				b.mark = "MARK"
				onQuestion(b, engine, answer)
				runs(t, b, "fare = 1")
				if got := matches(t, b, "far"); !slices.Equal(got, []string{"fare"}) {
					t.Errorf("got %v", got)
				}
				synctest.Wait()
				if got := runs(t, b, "fare = 2").stdout(); strings.Contains(got, "MARK") {
					t.Errorf("shown: %q", got)
				}
			})
		})
	}
}
