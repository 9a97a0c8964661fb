// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"fmt"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
)

// logLines is how many lines %%logs shows.
const logLines = 100

// magic runs a magic of the kernel itself. One that other kernels have is
// answered with what to use in its place; none is sent to Spark as code.
func (b *Bridge) magic(ctx context.Context, m magic, body string, sink kernel.Sink) error {
	if takesNoCode(m) && strings.TrimSpace(body) != "" {
		return magicTakesNoCode(m)
	}
	switch m.name {
	case "help", "lsmagic":
		sink.Stream(wire.Stdout, helpText())
		return nil
	case "configure":
		return b.configure(ctx, m, body, sink)
	case "info":
		return b.info(ctx, sink)
	case "logs":
		return b.logs(ctx, sink)
	case "session":
		return b.sessionMagic(ctx, m, sink)
	case "cleanup":
		return b.stop(ctx, sink)
	case "tb":
		return b.failures.show(m, sink)
	}
	return unknownMagic(m)
}

// takesNoCode tells the magics that stand alone in their cell.
func takesNoCode(m magic) bool {
	switch m.name {
	case "help", "lsmagic", "info", "logs", "session", "cleanup", "tb":
		return true
	}
	return false
}

// live returns the session that runs or starts, or nil.
func (b *Bridge) live() *session {
	s := b.session()
	if s != nil && s.started() && s.err != nil {
		b.drop(s)
		return nil
	}
	return s
}

// stop deletes the session, or gives up its start.
func (b *Bridge) stop(ctx context.Context, sink kernel.Sink) error {
	s := b.live()
	if s == nil {
		sink.Stream(wire.Stdout, "This notebook has no session.\n")
		return nil
	}
	if err := b.delete(ctx, s); err != nil {
		return b.word(err)
	}
	b.drop(s)
	if s.err != nil {
		sink.Stream(wire.Stdout, "The start of the session was given up.\n")
		return nil
	}
	sink.Stream(wire.Stdout, fmt.Sprintf("Session %s was stopped; its variables are gone. The next cell starts a new one.\n", s.livy.ID))
	return nil
}

// info shows the session of this notebook.
func (b *Bridge) info(ctx context.Context, sink kernel.Sink) error {
	s := b.live()
	switch {
	case s == nil:
		sink.Stream(wire.Stdout, "This notebook has no session yet; the first cell starts one.\n")
		return nil
	case !s.started():
		sink.Stream(wire.Stdout, s.progress()+"\n")
		return nil
	}
	now, err := s.client.Session(ctx, s.address)
	if err != nil {
		return b.askedOf(s, err)
	}
	link, what := SessionLink(b.profile, now)
	if what == "" {
		what = "Spark UI"
	}
	t := render.Table{
		Columns: []render.Column{{Name: "session"}, {Name: string(now.ID)}},
		Rows: [][]render.Cell{
			{{Text: "name"}, {Text: now.Name}}, {{Text: "state"}, {Text: string(now.State)}}, {{Text: "application"}, {Text: now.AppID}},
			{{Text: what}, {Text: link}}, {{Text: "profile"}, {Text: b.profile.Name}}, {{Text: "ends"}, {Text: b.endOf(s)}},
		},
	}
	sink.Display(kernel.Display{Data: t.Bundle()})
	return nil
}

// endOf says when the session ends.
func (b *Bridge) endOf(s *session) string {
	switch {
	case s.origin == joined:
		return "with the last notebook that shares it"
	case s.origin == attached && s.entry.held() == nil:
		return "not by this kernel"
	case b.keeping && s.heartbeat > 0:
		return fmt.Sprintf("by %%%%session stop, or by the server %s after the kernel has ended or is out of reach", s.heartbeat)
	case b.keeping:
		return "by %%session stop, or by the server when it is idle"
	case b.profile.Local():
		return "with the kernel"
	case s.heartbeat > 0:
		return fmt.Sprintf("with the kernel; %s after it is killed or out of reach", s.heartbeat)
	}
	return "with the kernel; by the server some time after it is killed"
}

// logs shows the end of the session's log.
func (b *Bridge) logs(ctx context.Context, sink kernel.Sink) error {
	s := b.live()
	if s == nil || !s.started() {
		sink.Stream(wire.Stdout, "There is no session whose log could be shown.\n")
		return nil
	}
	lines, err := s.client.Log(ctx, s.address, livy.LogTail, logLines)
	if err != nil {
		return b.askedOf(s, err)
	}
	sink.Stream(wire.Stdout, render.Colour(strings.Join(withoutCells(lines), "\n"))+"\n")
	return nil
}

// askedOf words the failure of a question about s: a session that the server
// does not know is lost.
func (b *Bridge) askedOf(s *session, err error) error {
	if notFound(err) {
		b.drop(s)
		return b.word(&livy.SessionLostError{State: "gone"})
	}
	return b.word(err)
}
