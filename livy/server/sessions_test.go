// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

func TestADeadSessionHasALogAndNoStatements(t *testing.T) {
	const inactive = `{"msg":"requirement failed: Session isn't active."}`
	const dead = `"java.lang.IllegalStateException: Session is in state dead"`
	inBubble(t, func(b bubble) {
		b.engine.On("x", livytest.Text(""))
		session := b.session(pyspark)
		b.submit(session, "x")
		if err := b.engine.Kill(0); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		b.want("GET", session+"/state", "", 200, `"dead"`)
		b.want("GET", session+"/statements/0", "", 400, inactive)
		b.want("GET", session+"/statements", "", 400, inactive)
		b.want("POST", session+"/statements", `{"code":"x"}`, 500, dead)
		b.want("POST", session+"/statements/0/cancel", "", 500, dead)
		b.want("POST", session+"/completion", `{"code":"x","kind":"spark"}`, 500, dead)
		b.want("GET", session+"/log", "", 200, "driver starts")
		b.want("DELETE", session, "", 200, `{"msg":"deleted"}`)
		b.want("GET", session, "", 404, `{"msg":"Session '0' not found."}`)
	})
}

func TestDriverThatDoesNotStart(t *testing.T) {
	inBubble(t, func(b bubble) {
		start := make(chan error)
		b.engine.OnStart(func(context.Context, server.Spec) error { return <-start })
		session := b.session(pyspark)
		b.want("GET", session, "", 200, `"state":"starting"`)
		b.want("POST", session+"/statements", `{"code":"x"}`, 500, `"java.lang.IllegalStateException: Session is in state starting"`)
		b.want("GET", session+"/statements", "", 200, `{"total_statements":0,"statements":[]}`)
		start <- errors.New("too small maximum heap")
		synctest.Wait()
		b.want("GET", session, "", 200, `"state":"dead"`)
		b.want("GET", session+"/log", "", 200, "too small maximum heap")
	})
}

func TestDeleteWhileStartingAndWhileBusy(t *testing.T) {
	inBubble(t, func(b bubble) {
		b.engine.OnStart(func(ctx context.Context, spec server.Spec) error {
			if spec.Request.Kind != livy.KindPySpark {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		})
		b.engine.On("x", livytest.Stubborn(nil, livytest.Text("")))
		busy, starting := b.session(pyspark), b.session(`{"kind":"sql"}`)
		b.submit(busy, "x")
		for _, session := range []string{busy, starting} {
			b.want("DELETE", session, "", 200, `{"msg":"deleted"}`)
			b.want("DELETE", session, "", 404, "not found")
		}
		if n := b.engine.Living(); n != 0 {
			t.Errorf("%d drivers live on", n)
		}
	})
}

// stuckEngine has drivers that take their time to close.
type stuckEngine struct {
	server.Engine
	release chan struct{}
}

func (e stuckEngine) Start(ctx context.Context, spec server.Spec, log func(string)) (server.Driver, error) {
	d, err := e.Engine.Start(ctx, spec, log)
	return stuckDriver{d, e.release}, err
}

type stuckDriver struct {
	server.Driver
	release chan struct{}
}

func (d stuckDriver) Close(ctx context.Context) error {
	<-d.release
	return d.Driver.Close(ctx)
}

// silentEngine has drivers that tell of their death only by an error of Run.
type silentEngine struct {
	server.Engine
	closed *atomic.Bool
}

func (e silentEngine) Start(ctx context.Context, spec server.Spec, log func(string)) (server.Driver, error) {
	d, err := e.Engine.Start(ctx, spec, log)
	return silentDriver{d, e.closed}, err
}

type silentDriver struct {
	server.Driver
	closed *atomic.Bool
}

func (silentDriver) Done() <-chan struct{} { return nil }

func (d silentDriver) Close(ctx context.Context) error {
	d.closed.Store(true)
	return d.Driver.Close(ctx)
}

func TestAnErrorOfRunIsTheDriversDeath(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine := livytest.NewEngine()
		engine.On("x", livytest.Die())
		var closed atomic.Bool
		b := bubble{t, engine, server.New(silentEngine{engine, &closed})}
		session := b.session(pyspark)
		b.submit(session, "x")
		b.want("GET", session+"/state", "", 200, `"dead"`)
		if !closed.Load() {
			t.Error("the driver was not closed")
		}
		if err := b.srv.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestADriverThatDoesNotCloseHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine := livytest.NewEngine()
		release := make(chan struct{})
		b := bubble{t, engine, server.New(stuckEngine{engine, release})}
		session := b.session(pyspark)
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			b.want("DELETE", session, "", 200, "deleted")
		}()
		synctest.Wait()
		b.want("GET", session+"/state", "", 200, `"shutting_down"`)
		b.want("POST", session+"/statements", `{"code":"x"}`, 500, "Session is in state shutting_down")
		<-answered
		b.want("GET", session, "", 404, "")

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := b.srv.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close with a driver that lives on: %v", err)
		}
		close(release)
		if err := b.srv.Close(t.Context()); err != nil {
			t.Error(err)
		}
		b.want("POST", "/sessions", "{}", 503, `{"msg"`)
	})
}

// TestADriverThatStartsTooLate has a session that is past coming back when
// its driver is there.
func TestADriverThatStartsTooLate(t *testing.T) {
	inBubble(t, func(b bubble) {
		start := make(chan struct{})
		b.engine.OnStart(func(context.Context, server.Spec) error {
			<-start
			return nil
		})
		session := b.session(pyspark)
		ctx, cancel := context.WithCancel(b.t.Context())
		cancel()
		if err := b.srv.Close(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Close while a driver starts: %v", err)
		}
		close(start)
		synctest.Wait()
		b.want("GET", session+"/state", "", 200, `"shutting_down"`)
		if n := b.engine.Living(); n != 0 {
			t.Errorf("%d drivers live on", n)
		}
	})
}

func TestNames(t *testing.T) {
	inBubble(t, func(b bubble) {
		b.session(`{"name":"my name-1"}`)
		b.want("GET", "/sessions/my%20name-1/state", "", 200, `{"id":0,"state":"idle"}`)
		b.want("POST", "/sessions", `{"name":"my name-1"}`, 400, `{"msg":"Rejected, Reason: Duplicate session name: Some(my name-1)`)
		b.want("POST", "/sessions", `{"name":"12"}`, 400, `{"msg":"Rejected, Reason: Invalid session name: 12"}`)
		b.want("POST", "/sessions", `{"name":""}`, 400, `{"msg":"Rejected, Reason: Invalid session name: "}`)
		b.want("DELETE", "/sessions/my%20name-1", "", 200, "deleted")
		b.want("GET", "/sessions/my%20name-1", "", 404, `{"msg":"Session 'my name-1' not found."}`)
	})
}

func TestWhatTheEngineIsTold(t *testing.T) {
	inBubble(t, func(b bubble) {
		var spec server.Spec
		b.engine.OnStart(func(_ context.Context, s server.Spec) error {
			spec = s
			return nil
		})
		b.session(`{"kind":null,"proxyUser":"alice","conf":{"a":"1","b":2,"c":true},"driverMemory":"1g","jars":["x.jar"],"ttl":"10m","heartbeatTimeoutInSecond":30}`)
		q := spec.Request
		if q.Kind != livy.KindShared || q.ProxyUser != "" || q.DriverMemory != "1g" || len(q.Jars) != 1 || q.HeartbeatTimeoutInSecond != 30 {
			t.Errorf("request %+v", q)
		}
		if q.Conf["a"] != "1" || q.Conf["b"] != "2" || q.Conf["c"] != "true" {
			t.Errorf("conf %v", q.Conf)
		}
		b.session(`{"kind":"python"}`)
		if spec.ID != 1 || spec.Request.Kind != livy.KindPySpark {
			t.Errorf("spec %+v", spec)
		}
	})
}

func TestKinds(t *testing.T) {
	inBubble(t, func(b bubble) {
		b.engine.Otherwise(livytest.Text(""))
		b.engine.OnComplete(func(kind livy.Kind, code string, cursor int) []string {
			return []string{string(kind), code[:cursor]}
		})
		shared, sql := b.session("{}"), b.session(`{"kind":"sql"}`)
		b.want("POST", shared+"/statements", `{"code":"x"}`, 500, "Code type should be specified if session kind is shared")
		b.want("POST", shared+"/statements", `{"code":"x","kind":"nosuch"}`, 500, "Invalid kind: nosuch")
		b.want("POST", shared+"/statements", `{"code":"x","kind":"shared"}`, 500, "Invalid kind: shared")
		b.want("POST", shared+"/statements", `{"code":"x","kind":"scala"}`, 201, "")
		b.want("POST", sql+"/statements", `{"code":"y"}`, 201, "")
		b.want("POST", sql+"/statements", `{"code":"z","kind":"sparkr"}`, 201, "")
		var got []string
		for _, stmt := range b.engine.Ran() {
			got = append(got, string(stmt.Kind))
		}
		if want := "spark sql sparkr"; strings.Join(got, " ") != want {
			t.Errorf("kinds %v, want %s", got, want)
		}
		b.want("POST", sql+"/completion", `{"code":"spark.ra","kind":"spark","cursor":5}`, 200, `{"candidates":["spark","spark"]}`)
		b.want("POST", sql+"/completion", `{"code":"x"}`, 500, "Invalid kind: null")
	})
}
