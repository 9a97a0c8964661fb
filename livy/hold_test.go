// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// holding is a server that holds its answers, without a port, and a session.
func holding(t *testing.T, engine *livytest.Engine) (*livytest.Server, *livy.Client, livy.Session) {
	t.Helper()
	srv := livytest.NewServer(engine, livytest.InMemory(), livytest.WithServerOptions(server.WithHold(true)))
	client, err := livy.New(srv.URL, livy.WithTransport(srv.Transport()))
	if err != nil {
		t.Fatal(err)
	}
	session, err := client.CreateSession(t.Context(), livy.CreateSessionRequest{})
	if err == nil {
		session, err = client.WaitSession(t.Context(), session, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return srv, client, session
}

// TestHeldAnswer: a server that holds its answer back tells of the end when it
// comes, at few requests; the end of a session lets go of the answer too.
func TestHeldAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine := livytest.NewEngine()
		engine.Otherwise(livytest.Echo)
		srv, client, session := holding(t, engine)
		run := func(code string) (time.Duration, error) {
			began := time.Now()
			s, err := client.Submit(t.Context(), session.ID, livy.StatementRequest{Code: code, Kind: livy.KindPySpark})
			if err == nil {
				_, err = client.WaitStatement(t.Context(), session.ID, s, nil)
			}
			return time.Since(began), err
		}
		if took, err := run("sleep 600"); err != nil || took != 10*time.Minute {
			t.Errorf("ten minutes took %v, error %v", took, err)
		}
		if n := srv.Count("GET /sessions/*/statements/*"); n > 250 {
			t.Errorf("%d requests in ten minutes", n)
		}
		time.AfterFunc(100500*time.Millisecond, func() { _ = engine.Kill(0) })
		if took, err := run("sleep 600"); err == nil || took > 101*time.Second {
			t.Errorf("the end of the session was told of after %v: %v", took, err)
		}
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestPrintedThroughout: a statement that prints all the time is told of to the
// last line, the first one at once, at no more requests than one that prints
// nothing.
func TestPrintedThroughout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine, texts := livytest.NewEngine(), make(chan string)
		engine.On("p", livytest.Prints(texts))
		srv, client, session := holding(t, engine)
		began := time.Now()
		var want strings.Builder
		go func() {
			defer close(texts)
			for i := range 6000 {
				line := fmt.Sprintf("line %d\n", i)
				want.WriteString(line)
				texts <- line
				time.Sleep(100 * time.Millisecond)
			}
		}()
		var got strings.Builder
		var first, worst time.Duration
		last := began
		ctx := livy.WithPrinted(t.Context(), func(text string) {
			if got.Len() == 0 {
				first = time.Since(began)
			}
			worst, last = max(worst, time.Since(last)), time.Now()
			got.WriteString(text)
		})
		s, err := client.Submit(ctx, session.ID, livy.StatementRequest{Code: "p", Kind: livy.KindPySpark})
		if err != nil {
			t.Fatal(err)
		}
		if s, err = client.WaitStatement(ctx, session.ID, s, nil); err != nil || got.String() != want.String() || len(s.Output.Data) > 0 {
			t.Errorf("%d of %d bytes, output %+v, error %v", got.Len(), want.Len(), s.Output, err)
		}
		if n := srv.Count("GET /sessions/*/statements/*"); n > 295 || first > 10*time.Millisecond || worst > 3100*time.Millisecond {
			t.Errorf("%d requests, first after %v, then at most %v apart", n, first, worst)
		}
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestServerThatOnlySaysItHolds its answers is not asked without a pause.
func TestServerThatOnlySaysItHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, polls := time.Now(), 0
		client, err := livy.New("http://livy", livy.WithTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
			polls++
			if r.Header.Get("Prefer") == "" {
				t.Error("no answer is asked to be held")
			}
			body := `{"id":0,"state":"running"}`
			if time.Since(began) > time.Second {
				body = `{"id":0,"state":"available"}`
			}
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Preference-Applied": {"wait"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.WaitStatement(t.Context(), "0", livy.Statement{ID: "0"}, nil); err != nil || polls > 100 {
			t.Errorf("%d polls, error %v", polls, err)
		}
	})
}

// TestHeldBehindAProxy that joins the headers of an answer.
func TestHeldBehindAProxy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, polls := time.Now(), 0
		client, err := livy.New("http://livy", livy.WithTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
			polls++
			time.Sleep(time.Second) // of the bubble
			body := `{"id":0,"state":"running"}`
			if time.Since(began) > 10*time.Second {
				body = `{"id":0,"state":"available"}`
			}
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Preference-Applied": {"printed, wait"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})))
		if err != nil {
			t.Fatal(err)
		}
		// One that is not taken for held is asked again after a pause only.
		if _, err := client.WaitStatement(t.Context(), "0", livy.Statement{ID: "0"}, nil); err != nil || time.Since(began) > time.Duration(polls)*time.Second+100*time.Millisecond {
			t.Errorf("%d polls in %v, error %v", polls, time.Since(began), err)
		}
	})
}
