// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/livy"
)

// rights asks for the list of sessions, which needs the right to read them.
func (d *doctor) rights(ctx context.Context) (detail, todo string, err error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	list, err := d.connection.Sessions(ctx)
	var refused *livy.APIError
	if errors.As(err, &refused) {
		return d.refusal(refused)
	}
	if err != nil {
		return "", "", err
	}
	return fmt.Sprintf("the server answers; it shows %d sessions", len(list)), "", nil
}

// refusal says what to do about a request that the server refuses.
func (d *doctor) refusal(e *livy.APIError) (detail, todo string, err error) {
	switch e.StatusCode {
	case http.StatusUnauthorized:
		return "", "livy-kernel login " + d.Profile.Name, e
	case http.StatusForbidden:
		todo = "ask the server's administrator for the right to run code"
		if d.Profile.Dialect == string(livy.DialectFabric) {
			todo = "you need to be a member or contributor of the workspace, and the application the delegated permissions that docs/fabric.md lists"
		}
		return "", todo, e
	case http.StatusNotFound:
		return "", "check the endpoint: the workspace, lakehouse or path is not there, or you have no right to see it", e
	case http.StatusInternalServerError:
		if d.Profile.Dialect == string(livy.DialectFabric) { // known for service principals
			return "the server does not list sessions; it may run some all the same", "", nil
		}
	}
	return "", "the server's log tells more", e
}

// sessionTime bounds the start of the session.
const sessionTime = 10 * time.Minute

// session starts a session, runs 1+1 and deletes it.
func (d *doctor) session(ctx context.Context) (detail, todo string, err error) {
	ctx, cancel := context.WithTimeout(ctx, sessionTime)
	defer cancel()
	began := time.Now()
	request := d.Profile.Session
	request.Kind, request.Name = "", "livy-kernel-doctor-"+uuid.NewString()[:8]
	made, err := d.connection.CreateSession(ctx, request)
	if err != nil {
		return "", "where it speaks of resources, ask for less, or wait until there is capacity", fmt.Errorf("no session was made: %w", err)
	}
	defer func() {
		ending, done := context.WithTimeout(context.WithoutCancel(ctx), askTime)
		defer done()
		if gone := d.connection.DeleteSession(ending, made.ID); gone != nil && err == nil {
			detail, todo, err = "", "livy-kernel sessions, or the server's own page, shows what is left", fmt.Errorf("session %s was not deleted: %w", made.ID, gone)
		}
	}()
	var told livy.SessionState
	ready, err := d.connection.WaitSession(ctx, made, func(s livy.Session) {
		if s.State != told {
			d.Step("session: " + string(s.State))
		}
		told = s.State
	})
	if err != nil {
		return "", logTodo(err), err
	}
	started := time.Since(began)
	began = time.Now()
	stmt, err := d.connection.Submit(ctx, ready.ID, livy.StatementRequest{Code: "1+1", Kind: livy.KindPySpark})
	if err == nil {
		stmt, err = d.connection.WaitStatement(ctx, ready.ID, stmt, nil)
	}
	if err != nil {
		return "", "", fmt.Errorf("1+1 was not run: %w", err)
	}
	if stmt.Output == nil || render.Failure(*stmt.Output) != nil || strings.TrimSpace(render.Output(*stmt.Output).Stdout) != "2" {
		return "", "the log of the session may tell why", errors.New("1+1 is not 2 there")
	}
	return fmt.Sprintf("started in %s, ran 1+1 in %s, deleted", started.Round(100*time.Millisecond), time.Since(began).Round(time.Millisecond)), "", nil
}

func logTodo(err error) string {
	var failed *livy.SessionStartError
	if errors.As(err, &failed) && len(failed.Log) > 0 {
		return "its log ends: " + strings.Join(strings.Fields(render.Plain(failed.Log[len(failed.Log)-1])), " ")
	}
	return ""
}
