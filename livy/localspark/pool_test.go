// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark_test

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy/localspark"
	"github.com/livy-kernel/livy-kernel/livy/localspark/sparktest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// testEngine returns an engine on the Spark of the tests.
func testEngine(t *testing.T) *localspark.Engine {
	t.Helper()
	return localspark.NewEngine(sparktest.Setup(t, os.Environ()), localspark.WithEnv(os.Environ()))
}

// pool is an engine that hands the driver of an ended session to the next
// one, because starting Spark takes longer than everything else here.
type pool struct {
	engine *localspark.Engine

	mu   sync.Mutex
	idle server.Driver // nil for none
	last server.Driver
}

func newPool(engine *localspark.Engine) *pool { return &pool{engine: engine} }

// Start implements server.Engine. Only sessions without settings share.
func (p *pool) Start(ctx context.Context, spec server.Spec, log func(string)) (server.Driver, error) {
	shares := len(spec.Request.Conf) == 0 && spec.Request.DriverMemory == ""
	var d server.Driver
	if shares {
		d = p.take()
	}
	if d == nil {
		var err error
		if d, err = p.engine.Start(ctx, spec, log); err != nil {
			return nil, err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = d
	if !shares {
		return d, nil
	}
	return &pooled{Driver: d, pool: p}, nil
}

func (p *pool) take() server.Driver {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := p.idle
	p.idle = nil
	return d
}

// give keeps d for the next session and reports whether it did.
func (p *pool) give(d server.Driver) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-d.Done():
		return false
	default:
	}
	if p.idle != nil {
		return false
	}
	p.idle = d
	return true
}

// newest is the driver of the session that was started last.
func (p *pool) newest() server.Driver {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

// kill ends the newest driver behind the back of its session.
func (p *pool) kill(ctx context.Context, _ string) error { return p.newest().Close(ctx) }

func (p *pool) close(t *testing.T) {
	t.Helper()
	if d := p.take(); d != nil {
		if err := d.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

// pooled goes back to its pool when its session ends.
type pooled struct {
	server.Driver
	pool *pool
	once sync.Once
}

func (d *pooled) Close(ctx context.Context) (err error) {
	d.once.Do(func() {
		if !d.pool.give(d.Driver) {
			err = d.Driver.Close(ctx)
		}
	})
	return err
}
