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
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// ready returns a session that takes statements. It starts one if there is
// none, and shows how that gets on. An interrupt ends the cell, not the start:
// the next cell finds the same session.
func (b *Bridge) ready(ctx context.Context, sink kernel.Sink) (*session, error) {
	s := b.session()
	if s != nil && s.started() && errors.Is(s.err, context.Canceled) {
		s = nil // given up by a magic that was itself interrupted
	}
	if s == nil {
		s = b.begin(ctx, b.open)
	}
	if s.told && s.started() {
		return s, nil
	}
	l := line{sink: sink}
	ticker := time.NewTicker(b.tick)
	defer ticker.Stop()
	for !s.started() {
		l.show(b.startNews(s))
		select {
		case <-s.ready:
		case <-ticker.C:
		case <-ctx.Done():
			if b.asker.asks() { // which nobody would see any more
				l.end("The sign-in was given up.")
				b.abandon(s)
				return nil, interrupted("the sign-in was given up")
			}
			l.show("The Spark session goes on starting; the next cell uses it.", "")
			return nil, interruptedStart()
		}
	}
	if b.notices != nil {
		for _, text := range b.notices() {
			b.note(text)
		}
	}
	if s.err != nil {
		b.tellNotes(sink)
		b.forget(s)
		if l.shown() {
			link, what := b.pageOf(s)
			l.show(withLink("The Spark session did not start.", link, what))
		}
		return nil, b.word(s.err)
	}
	s.told = true
	l.takeBack() // what comes is a display of its own, see asker.refresh
	b.tellNotes(sink)
	l.show(b.welcome(s))
	b.gone = ""
	return s, b.meanwhile(ctx, s, sink)
}

// tellNotes shows what was noted since the last cell.
func (b *Bridge) tellNotes(sink kernel.Sink) {
	b.mu.Lock()
	notes := b.notes
	b.notes = nil
	b.mu.Unlock()
	for _, text := range notes {
		sink.Stream(wire.Stderr, render.Plain(text)+"\n")
	}
}

// startNews is the line while the session starts, as text and as HTML, with the
// session's page once there is one.
func (b *Bridge) startNews(s *session) (text, markup string) {
	news := s.progress()
	if b.asker.asks() {
		news = s.progressAt("waiting for the sign-in")
	}
	link, what := b.pageOf(s)
	return withLink(news, link, what)
}

// pageOf returns the page of a session that starts, and what is found there.
func (b *Bridge) pageOf(s *session) (link, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return SessionLink(b.profile, s.seen)
}

// abandon gives a session's start up.
func (b *Bridge) abandon(s *session) {
	s.end()
	<-s.ready // it was waiting for a person, and does no more
	b.forget(s)
}

// progress is the line while the session starts.
func (s *session) progress() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.progressAt(s.news)
}

// progressAt is that line where the start is at news.
func (s *session) progressAt(news string) string {
	text := fmt.Sprintf("Starting Spark session … %d s", int(time.Since(s.began).Seconds()))
	if news != "" {
		text += ", " + render.Plain(news)
	}
	return text
}

// welcome is the line once the session is ready, as text and as HTML. It says
// so where the session takes the place of another.
func (b *Bridge) welcome(s *session) (text, markup string) {
	text = fmt.Sprintf("Spark session %s is ready (%d s).", s.livy.ID, int(s.took.Seconds()))
	switch {
	case s.origin == resumed:
		text = fmt.Sprintf("Back on Spark session %s, started %s; its variables are as you left them.", s.livy.ID, s.since.Local().Format(time.DateTime))
	case s.origin == attached:
		text = fmt.Sprintf("On Spark session %s.", s.livy.ID)
	case s.origin == joined && !s.since.IsZero():
		text = fmt.Sprintf("On Spark session %s, which notebooks share as %q.", s.livy.ID, b.share)
	case b.gone != "":
		text = fmt.Sprintf("New Spark session %s is ready (%d s). Session %s is gone, and its variables with it.",
			s.livy.ID, int(s.took.Seconds()), b.gone)
	}
	if reasons := s.livy.FallbackReasons(); len(reasons) > 0 && s.origin == created {
		text += " It was not taken from the starter pool: " + render.Plain(strings.Join(reasons, ", ")) + "."
	}
	link, what := SessionLink(b.profile, s.livy)
	return withLink(text, link, what)
}
