// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package doctor looks at all that a cell needs, from the network to a session
// that runs code, and says what to do where something is missing.
package doctor

import (
	"context"
	"fmt"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/connect"
	"github.com/livy-kernel/livy-kernel/livy"
)

// Finding is one line of the diagnosis.
type Finding struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Todo   string `json:"todo,omitempty"` // what to do; also for what is only unwise
}

// Options say what is looked at.
type Options struct {
	Profile config.Profile // resolved
	Connect func(ctx context.Context, progress func(string)) (*connect.Connection, error)
	// Session has a session started, used and deleted; it may cost money.
	Session bool
	Tell    func(Finding)     // takes each finding as it comes
	Step    func(name string) // is told what is looked at next; it may take minutes
}

// doctor is one diagnosis.
type doctor struct {
	Options
	connection *connect.Connection
	token      string         // the bearer token; empty where there is none
	running    livy.SessionID // of the session that was made; empty for none
}

// check looks at one thing. It returns what it saw, what to do, and an error
// where cells cannot run.
type check struct {
	name string
	do   func(context.Context) (detail, todo string, err error)
}

// Diagnose looks at one thing after the other, and stops where the rest cannot
// work. A session that was made is deleted in any case. It reports whether all is
// well.
func Diagnose(ctx context.Context, o Options) bool {
	d := &doctor{Options: o}
	ctx = livy.WithNotice(ctx, func(n livy.Notice) {
		d.Step(fmt.Sprintf("%s: %s, going on at %s", n.Op, n.Reason, n.Until.Local().Format(time.TimeOnly)))
	})
	well := true
	for _, c := range d.checks() {
		if well = d.look(ctx, c); !well {
			break
		}
	}
	if d.running != "" {
		well = d.look(context.WithoutCancel(ctx), check{"delete", d.deleteSession}) && well
	}
	d.close()
	return well
}

func (d *doctor) look(ctx context.Context, c check) bool {
	d.Step(c.name)
	detail, todo, err := c.do(ctx)
	if err != nil {
		detail = err.Error()
	}
	d.Tell(Finding{Check: c.name, OK: err == nil, Detail: detail, Todo: todo})
	return err == nil
}

func (d *doctor) checks() []check {
	var all []check
	if !d.Profile.Local() {
		all = append(all, check{"DNS", d.dns}, check{"network", d.network}, check{"TLS", d.tls}, check{"clock", d.clock})
	}
	all = append(all, check{"connect", d.connect})
	if !d.Profile.Local() {
		all = append(all, check{"sign-in", d.signIn})
		if d.Profile.Auth == config.AuthEntra {
			all = append(all, check{"scopes", d.scopes})
		}
		all = append(all, check{"rights", d.rights})
	}
	if d.Session {
		all = append(all, check{"session", d.session}, check{"1+1", d.statement})
	}
	return all
}

func (d *doctor) connect(ctx context.Context) (detail, todo string, err error) {
	c, err := d.Connect(ctx, d.Step)
	if err != nil {
		return "", "", err
	}
	d.connection = c
	if d.Profile.Local() {
		return "Spark is set up in " + d.Profile.Spark.Dir, "", nil
	}
	return "credentials of profile " + d.Profile.Name + " are at hand (auth " + d.Profile.Auth + ")", "", nil
}

// close ends what connect began.
func (d *doctor) close() {
	if d.connection == nil {
		return
	}
	if err := d.connection.Close(); err != nil {
		d.Tell(Finding{Check: "end", Detail: err.Error()})
	}
}

// askTime bounds one look at the network or at the server.
const askTime = 20 * time.Second
