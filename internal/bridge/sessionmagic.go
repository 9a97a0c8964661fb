// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
)

// sessionMagic runs %%session.
func (b *Bridge) sessionMagic(ctx context.Context, m magic, sink kernel.Sink) error {
	word, argument, _ := strings.Cut(m.args, " ")
	argument = strings.TrimSpace(argument)
	if argument != "" && word != "attach" && word != "share" {
		return magicOptions(magic{sign: m.sign, name: m.name + " " + word, args: argument})
	}
	switch word {
	case "":
		return b.info(ctx, sink)
	case "list":
		return b.listSessions(ctx, sink)
	case "attach":
		return b.attach(ctx, livy.SessionID(argument), sink)
	case "share":
		return b.shareAs(argument, sink)
	case "keep":
		return b.keep(sink)
	case "stop":
		return b.stop(ctx, sink)
	case "new":
		if b.live() != nil {
			if err := b.stop(ctx, sink); err != nil {
				return err
			}
		}
		b.looked = true // a new one, not one that was kept
		_, err := b.ready(ctx, sink)
		return err
	}
	return unknownSessionMagic(word)
}

// keep has the session outlive the kernel.
func (b *Bridge) keep(sink kernel.Sink) error {
	if b.notebookName() == "" || b.store == nil && b.apart.store == nil {
		return newError("UnknownMagic", "this kernel was not told the name of its notebook, so a later one could not find the session; %%session attach ID takes it up by its number", nil)
	}
	if err := b.detach(); err != nil {
		return err
	}
	b.keeping = true
	if s := b.live(); s != nil {
		s.entry.update(func(r *sessions.Record) { r.Keep = true })
		if s.started() && s.heartbeat > 0 {
			sink.Stream(wire.Stdout, fmt.Sprintf("The session stays when this kernel ends. It was started without that in mind, so the server ends it %s after that.\n", s.heartbeat))
			return nil
		}
	}
	sink.Stream(wire.Stdout, "The session stays when this kernel ends; the next kernel of this notebook goes on with it.\n")
	return nil
}

// shareAs has the next session be one that notebooks share by a name.
func (b *Bridge) shareAs(name string, sink kernel.Sink) error {
	switch {
	case !shareName.MatchString(name):
		return newError("UnknownMagic", "%%session share needs a name of small letters, digits, dots, dashes and underscores", nil)
	case b.store == nil && b.apart.store == nil:
		return newError("UnknownMagic", "this machine has no folder to keep records in, and so nothing can be shared", nil)
	case b.live() != nil:
		return newError("ConfigError", "this notebook has a session; %%session stop ends it, and then another one can be shared", nil)
	}
	if err := b.detach(); err != nil {
		return err
	}
	b.share = name
	sink.Stream(wire.Stdout, "The next session is the one that notebooks share as "+name+".\n")
	return nil
}

// attach takes up a session that exists. One that another kernel of this user
// left is this kernel's from then on; any other one is not ended by it.
func (b *Bridge) attach(ctx context.Context, id livy.SessionID, sink kernel.Sink) error {
	if !id.Valid() {
		return newError("UnknownMagic", "%%session attach needs the id of a session; %%session list shows them", nil)
	}
	if s := b.live(); s != nil {
		return newError("ConfigError", "this notebook has a session; %%session stop ends it, and then another one can be attached", nil)
	}
	b.begin(ctx, func(ctx context.Context, s *session) error {
		now, err := s.client.Session(ctx, id)
		if err != nil {
			return err
		}
		if now.State.Terminal() {
			return &livy.SessionStartError{State: now.State, Log: now.Log}
		}
		b.adopt(ctx, s, now)
		if err := b.take(ctx, s, now, attached); err != nil {
			s.entry.release()
			return err
		}
		return nil
	})
	_, err := b.ready(ctx, sink)
	return err
}

// adopt takes the record of the session now over from a kernel that has ended,
// the nonce also of one that lives.
func (b *Bridge) adopt(ctx context.Context, s *session, now livy.Session) {
	if b.store == nil {
		return
	}
	all, err := b.store.List()
	if err != nil {
		b.log.Warn("look for earlier sessions", "err", err)
	}
	for _, l := range all {
		if l.Endpoint != b.profile.Endpoint || l.ID != now.ID || !l.Is(now) {
			continue
		}
		s.marked(l.Record)
		if l.Held {
			continue
		}
		record, err := b.store.Take(ctx, l.Key)
		if errors.Is(err, sessions.ErrHeld) || errors.Is(err, sessions.ErrGone) {
			continue
		}
		if err != nil {
			b.log.Warn("take a session over", "session", now.ID, "err", err)
			continue
		}
		s.entry.hold(record)
		s.entry.update(func(r *sessions.Record) { r.Notebook, r.Left = b.notebookName(), time.Time{} })
		return
	}
}

// listSessions shows the sessions that the server tells of, and what is known
// here of each.
func (b *Bridge) listSessions(ctx context.Context, sink kernel.Sink) error {
	client, err := b.connected(ctx, func(string) {})
	if err != nil {
		return b.word(&connectError{err})
	}
	found, err := client.Sessions(ctx)
	if err != nil {
		return b.word(err)
	}
	known := map[livy.SessionID]sessions.Listed{}
	if b.store != nil {
		all, err := b.store.List()
		if err != nil {
			b.log.Warn("list sessions", "err", err)
		}
		for _, l := range all {
			if l.Endpoint == b.profile.Endpoint {
				known[l.ID] = l
			}
		}
	}
	t := render.Table{Columns: []render.Column{{Name: "session"}, {Name: "name"}, {Name: "state"}, {Name: "kernel"}, {Name: "started"}}}
	current := b.session()
	for _, s := range found {
		whose, started := "of somebody else", ""
		if l, ok := known[s.ID]; ok && l.Is(s) {
			whose, started = standing(l), l.Created.Local().Format(time.DateTime)
		}
		if current != nil && current.started() && current.err == nil && current.livy.ID == s.ID {
			whose = "this one"
		}
		t.Rows = append(t.Rows, []render.Cell{{Text: string(s.ID)}, {Text: s.Name}, {Text: string(s.State)}, {Text: whose}, {Text: started}})
	}
	sink.Display(kernel.Display{Data: t.Bundle()})
	return nil
}

// standing says what became of the kernel of a recorded session.
func standing(l sessions.Listed) string {
	switch {
	case l.Held:
		return "another one of yours"
	case l.Keep:
		return "ended; kept"
	case !l.Left.IsZero():
		return "ended; not deleted"
	}
	return "killed"
}
