// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package finish deletes a session after its kernel has ended. Jupyter gives a
// kernel little time, and a busy Livy server needs ten seconds for a DELETE:
// a process of its own sees it through.
package finish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/livy"
)

// Job is what the process is told, through a pipe: a credential is neither in
// its arguments nor in its environment.
type Job struct {
	Endpoint      string         `json:"endpoint"`
	Dialect       livy.Dialect   `json:"dialect,omitempty"`
	CAFile        string         `json:"caFile,omitempty"`
	Proxy         string         `json:"proxy,omitempty"`         // "env" finds none there: the process has no environment
	Authorization string         `json:"authorization,omitempty"` // the header
	ID            livy.SessionID `json:"id,omitempty"`            // empty where it is not known
	Name          string         `json:"name,omitempty"`          // as the server shows it; empty where it shows none
	REPL          bool           `json:"repl,omitempty"`          // ID is that of the acquire of a REPL
	Records       string         `json:"records,omitempty"`       // folder of the store
	Key           string         `json:"key,omitempty"`           // of the record in it
}

// String keeps the credential from being printed.
func (j Job) String() string { return "session " + string(j.ID) + " " + j.Name }

const (
	// maxTime is how long the process tries.
	maxTime = 30 * time.Second
	pause   = time.Second
	maxJob  = 1 << 20
)

// Read reads a job from the process's standard input.
func Read(r io.Reader) (Job, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxJob))
	if err != nil {
		return Job{}, fmt.Errorf("read what to finish: %w", err)
	}
	var j Job
	if err := json.Unmarshal(data, &j); err != nil {
		return Job{}, errors.New("standard input does not say what to finish") //nolint:nilerr // err may quote it
	}
	return j, nil
}

// Run deletes the job's session and then its record. It tries again until the
// server has answered, or the time is over: then the record stays, and tells
// of the session.
func Run(ctx context.Context, j Job, client *livy.Client, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	for {
		err := remove(ctx, j, client)
		if err == nil {
			return forget(ctx, j, log)
		}
		log.Info("the session is not deleted yet", "session", j.ID, "err", err)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return fmt.Errorf("session %s was not deleted: %w", j.ID, err)
		}
	}
}

// errNoSession is for a session that nobody has seen; it may still come to be.
var errNoSession = errors.New("there is no session of that name yet")

// remove deletes the session, which must have the name it was given: ids are
// used again.
func remove(ctx context.Context, j Job, client *livy.Client) error {
	if j.REPL {
		return client.Release(ctx, j.ID)
	}
	if j.ID == "" {
		list, err := client.Sessions(ctx)
		if err != nil {
			return err
		}
		for _, s := range list {
			if sessions.Called(s, j.Name) {
				return client.DeleteSession(ctx, s.ID)
			}
		}
		return errNoSession
	}
	now, err := client.Session(ctx, j.ID)
	var api *livy.APIError
	switch {
	case errors.As(err, &api) && api.StatusCode == http.StatusNotFound:
		return nil
	case err != nil:
		return err
	case j.Name != "" && !sessions.Called(now, j.Name):
		return nil
	}
	return client.DeleteSession(ctx, j.ID)
}

// forget removes the record.
func forget(ctx context.Context, j Job, log *slog.Logger) error {
	if j.Key == "" {
		return nil
	}
	entry, err := sessions.NewStore(j.Records, log).Take(ctx, j.Key)
	if errors.Is(err, sessions.ErrGone) {
		return nil
	}
	if err != nil {
		return err
	}
	return entry.Remove()
}
