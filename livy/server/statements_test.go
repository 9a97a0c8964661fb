// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

const pyspark = `{"kind":"pyspark"}`

func TestAFastStatementIsInTheAnswerToItsSubmission(t *testing.T) {
	inBubble(t, func(b bubble) {
		b.engine.On("1<2", livytest.Text("2"))
		b.engine.On("slow", livytest.Until(nil, livytest.Text("")))
		session := b.session(pyspark)
		b.want("POST", session+"/statements", `{"code":"1<2"}`, 201,
			`{"id":0,"code":"1<2","state":"available","output":{"status":"ok","execution_count":0,"data":{"text/plain":"2"}},"progress":1.0,`)
		begin := time.Now()
		b.want("POST", session+"/statements", `{"code":"slow"}`, 201, `"state":"running","output":null,"progress":0.0,`)
		if held := time.Since(begin); held != 7*time.Millisecond {
			t.Errorf("the answer was held back for %v, want 7ms", held)
		}
		begin = time.Now()
		b.want("POST", session+"/statements", `{"code":"1<2"}`, 201, `"state":"waiting","output":null,"progress":0.0,"started":0,"completed":0}`)
		if held := time.Since(begin); held != 0 {
			t.Errorf("the answer for a waiting statement was held back for %v", held)
		}
	}, server.WithFastAnswer(7*time.Millisecond))
}

func TestStatementsRunOneAtATimeInOrder(t *testing.T) {
	inBubble(t, func(b bubble) {
		release := make(chan struct{})
		b.engine.On("first", livytest.Until(release, livytest.Error("E", "")))
		b.engine.On("second", livytest.Text("2"))
		session := b.session(pyspark)
		first, second := b.submit(session, "first"), b.submit(session, "second")
		b.want("GET", session+"/state", "", 200, `{"id":0,"state":"busy"}`)
		if st := b.statement(second); st.State != livy.StatementWaiting || b.engine.Runs("second") != 0 {
			t.Errorf("the second began beside the first: %+v", st)
		}
		close(release)
		synctest.Wait()
		if st := b.statement(first); st.State != livy.StatementAvailable || st.Output.Status != "error" {
			t.Errorf("the first: %+v", st)
		}
		if st := b.statement(second); st.State != livy.StatementAvailable || st.Output.ExecutionCount != 1 {
			t.Errorf("a failure stopped the second: %+v", st)
		}
		b.want("GET", session+"/state", "", 200, `"idle"`)
	})
}

func TestACancelledWaitingStatementNeverRuns(t *testing.T) {
	inBubble(t, func(b bubble) {
		release := make(chan struct{})
		b.engine.On("first", livytest.Until(release, livytest.Text("")))
		session := b.session(pyspark)
		b.submit(session, "first")
		second := b.submit(session, "second")
		b.want("POST", second+"/cancel", "", 200, `{"msg":"canceled"}`)
		b.want("GET", second, "", 200, `"state":"cancelled","output":null,"progress":1.0,"started":0,`)
		close(release)
		synctest.Wait()
		if n := b.engine.Runs("second"); n != 0 {
			t.Errorf("it ran %d times", n)
		}
		b.want("POST", session+"/statements/0/cancel", "", 200, "canceled")
		b.want("GET", session+"/statements/0", "", 200, `"available"`)
		b.want("POST", session+"/statements/99/cancel", "", 200, "canceled")
		b.want("POST", session+"/statements/x/cancel", "", 400, `{"msg":"For input string: \"x\""}`)
	})
}

func TestACancelStopsTheRunningStatement(t *testing.T) {
	inBubble(t, func(b bubble) {
		b.engine.On("endless", livytest.Until(nil, livytest.Text("")))
		b.engine.On("next", livytest.Text(""))
		session := b.session(pyspark)
		endless, next := b.submit(session, "endless"), b.submit(session, "next")
		b.want("POST", endless+"/cancel", "", 200, "canceled")
		synctest.Wait()
		b.want("GET", endless, "", 200, `"state":"cancelled","output":{"status":"error","execution_count":0,"ename":"KeyboardInterrupt","evalue":"","traceback":[]},"progress":1.0`)
		b.want("GET", next, "", 200, `"available"`)
	})
}

// TestCancelOfCodeThatGoesOn follows the recording cancel_timeout_30s.
func TestCancelOfCodeThatGoesOn(t *testing.T) {
	inBubble(t, func(b bubble) {
		release := make(chan struct{})
		b.engine.On("loop", livytest.Stubborn(release, livytest.Text("end of loop")))
		b.engine.On("next", livytest.Text(""))
		session := b.session(pyspark)
		loop := b.submit(session, "loop")
		b.want("POST", loop+"/cancel", "", 200, "canceled")
		time.Sleep(29 * time.Second) // Test time.
		b.want("GET", loop, "", 200, `"state":"cancelling","output":null`)
		time.Sleep(time.Second)
		synctest.Wait()
		b.want("GET", loop, "", 200, `"state":"cancelled","output":null,"progress":1.0`)
		next := b.submit(session, "next")
		b.want("GET", next, "", 200, `"waiting"`)
		b.want("GET", session+"/state", "", 200, `"busy"`)
		close(release)
		synctest.Wait()
		b.want("GET", loop, "", 200, `"state":"cancelled","output":{"status":"ok","execution_count":0,"data":{"text/plain":"end of loop"}}`)
		b.want("GET", next, "", 200, `"available"`)
	})
}

func TestTheLastHundredStatementsAreKept(t *testing.T) {
	inBubble(t, func(b bubble) {
		b.engine.Otherwise(livytest.Text(""))
		session := b.session(pyspark)
		for i := range 103 {
			b.submit(session, fmt.Sprint(i))
		}
		b.want("GET", session+"/statements/2", "", 404, `"Statement not found"`)
		b.want("GET", session+"/statements/3", "", 200, `"code":"3"`)
		b.want("GET", session+"/statements?from=1&size=1", "", 200, `{"total_statements":100,"statements":[{"id":4,`)
		b.want("GET", session+"/statements?order=desc&size=1", "", 200, `"statements":[{"id":102,`)
	})
}

func TestUnfinishedStatementsAreKeptBeyondAHundred(t *testing.T) {
	inBubble(t, func(b bubble) {
		release := make(chan struct{})
		b.engine.Otherwise(livytest.Until(release, livytest.Text("")))
		session := b.session(pyspark)
		for i := range 120 {
			b.submit(session, fmt.Sprint(i))
		}
		close(release)
		synctest.Wait()
		if n := len(b.engine.Ran()); n != 120 {
			t.Errorf("%d of 120 statements ran", n)
		}
		b.want("GET", session+"/statements/0", "", 200, `"available"`)
	})
}

func TestProgressStaysBetweenZeroAndOne(t *testing.T) {
	inBubble(t, func(b bubble) {
		steps := make(chan float64)
		b.engine.On("x", livytest.Progress(steps, livytest.Text("")))
		session := b.session(pyspark)
		path := b.submit(session, "x")
		nan := 0.0
		for _, c := range []struct{ in, want float64 }{{0.5, 0.5}, {7, 1}, {0.25, 0.25}, {-3, 0}, {nan / nan, 0}} {
			steps <- c.in
			synctest.Wait()
			if got := b.statement(path).Progress; got != c.want {
				t.Errorf("progress %v is shown as %v", c.in, got)
			}
		}
	})
}
