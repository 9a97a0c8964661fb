// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// told asks for a statement as a client does that wants to be told what it
// prints, and returns the answer, its body and how long it took.
func (b bubble) told(path string, from int) (st livy.Statement, body string, took time.Duration) {
	b.t.Helper()
	began := time.Now()
	r := httptest.NewRequestWithContext(b.t.Context(), "GET", path, strings.NewReader(""))
	r.Header.Set("Prefer", fmt.Sprintf("wait=10, printed=%d", from))
	w := httptest.NewRecorder()
	b.srv.ServeHTTP(w, r)
	if applied := strings.Join(w.Header().Values("Preference-Applied"), ","); w.Code != 200 || applied != "printed,wait" {
		b.t.Fatalf("%d %s, applied %q", w.Code, w.Body, applied)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &st); err != nil {
		b.t.Fatal(err)
	}
	return st, w.Body.String(), took + time.Since(began)
}

// TestPrintedWhileItRuns: whoever asks is told what a statement prints, when it
// does, from where they are; nobody else sees anything of it.
func TestPrintedWhileItRuns(t *testing.T) {
	inBubble(t, func(b bubble) {
		texts := make(chan string)
		b.engine.On("p", livytest.Prints(texts))
		path := b.submit(b.session(pyspark), "p")
		if _, body, took := b.told(path, 0); strings.Contains(body, "printed") || took != 10*time.Second {
			t.Errorf("nothing printed: %s after %v", body, took)
		}
		go func() {
			time.Sleep(time.Second)
			texts <- "ä\n"
			time.Sleep(300 * time.Millisecond)
			texts <- "b"
			time.Sleep(20 * time.Second)
			texts <- "c\n"
			close(texts)
		}()
		// The statement runs for ten seconds already: a sixteenth of that passes.
		if st, _, took := b.told(path, 0); st.Printed == nil || *st.Printed != (livy.Printed{Text: "ä\n"}) || took != time.Second {
			t.Errorf("the first line: %+v after %v", st.Printed, took)
		}
		if st, _, took := b.told(path, 3); *st.Printed != (livy.Printed{From: 3, Text: "b"}) || st.Output != nil || took.Round(100*time.Millisecond) != 700*time.Millisecond {
			t.Errorf("the next one: %+v after %v", st.Printed, took)
		}
		if st, _, took := b.told(path, 4); *st.Printed != (livy.Printed{From: 4}) || took != 10*time.Second {
			t.Errorf("nothing new: %+v after %v", st.Printed, took)
		}
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if st, body, _ := b.told(path, 1000); *st.Printed != (livy.Printed{From: 6}) || !strings.Contains(body, `"data":{}`) {
			t.Errorf("the end: %s", body)
		}
		if st, _, _ := b.told(path, 0); *st.Printed != (livy.Printed{Text: "ä\nbc\n"}) {
			t.Errorf("all of it: %+v", st.Printed)
		}
		if body := b.do("GET", path, "").Body.String(); !strings.Contains(body, `"data":{"text/plain":"ä\nbc"}},"progress":1.0,"started":946684800000,"completed":`) || strings.Contains(body, "printed") {
			t.Errorf("another client sees %s", body)
		}
	})
}

// TestPrintedOfManyStatements: what was printed is kept beside the output for
// the newest statements alone.
func TestPrintedOfManyStatements(t *testing.T) {
	inBubble(t, func(b bubble) {
		session := b.session(pyspark)
		var paths []string
		for range 11 {
			texts := make(chan string, 1)
			texts <- "a\n"
			close(texts)
			b.engine.On("p", livytest.Prints(texts))
			paths = append(paths, b.submit(session, "p"))
		}
		for i, path := range paths {
			st, body, _ := b.told(path, 0)
			if whole := strings.Contains(body, `"text/plain":"a"`); whole != (i == 0) || (st.Printed == nil) != whole {
				t.Errorf("statement %d: %s", i, body)
			}
		}
	})
}

// TestPrintedWithoutHold: a server that is to be like Apache Livy tells nothing.
func TestPrintedWithoutHold(t *testing.T) {
	inBubble(t, func(b bubble) {
		texts := make(chan string, 1)
		texts <- "a\n"
		b.engine.On("p", livytest.Prints(texts))
		path := b.submit(b.session(pyspark), "p")
		r := httptest.NewRequestWithContext(t.Context(), "GET", path, strings.NewReader(""))
		r.Header.Set("Prefer", "wait=1, printed=0")
		w := httptest.NewRecorder()
		began := time.Now()
		b.srv.ServeHTTP(w, r)
		if strings.Contains(w.Body.String(), "printed") || len(w.Header().Values("Preference-Applied")) > 0 || time.Since(began) > 0 {
			t.Errorf("%s, %v", w.Body, w.Header())
		}
	}, server.WithHold(false))
}
