// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"cmp"
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
	if e, ok := d.fabric(); ok {
		return fmt.Sprintf("lakehouse %s of workspace %s can be read; it shows %d sessions", e.Lakehouse, e.Workspace, len(list)), "", nil
	}
	return fmt.Sprintf("the server answers; it shows %d sessions", len(list)), "", nil
}

// fabric returns where the profile's lakehouse is; ok is false for one that is
// not on Fabric.
func (d *doctor) fabric() (e livy.FabricEndpoint, ok bool) {
	if d.Profile.Dialect != string(livy.DialectFabric) {
		return e, false
	}
	e, err := livy.ParseFabricEndpoint(d.Profile.Endpoint)
	return e, err == nil
}

// refusal says what to do about a request that the server refuses.
func (d *doctor) refusal(e *livy.APIError) (detail, todo string, err error) {
	where, onFabric := d.fabric()
	switch {
	case e.StatusCode == http.StatusUnauthorized:
		return "", "livy-kernel login " + d.Profile.Name, e
	case e.StatusCode == http.StatusForbidden && onFabric:
		return "", "ask for the role Contributor, or a higher one, in workspace " + where.Workspace +
			"; the application needs the delegated permissions that docs/fabric.md lists, and a service principal the tenant's leave to use Fabric's APIs", e
	case e.StatusCode == http.StatusForbidden:
		return "", "ask the server's administrator for the right to run code", e
	case e.StatusCode == http.StatusNotFound && e.Code == "WorkspaceNotFound":
		return "", "workspace " + where.Workspace + " is not there, or you have no role in it: copy the connection string again", e
	case e.StatusCode == http.StatusNotFound && e.Code == "ItemNotFound":
		return "", "lakehouse " + where.Lakehouse + " is not there, or you may not see it: copy the connection string again", e
	case e.StatusCode == http.StatusNotFound:
		return "", "check the endpoint: the workspace, lakehouse or path is not there, or you have no right to see it", e
	case e.StatusCode == http.StatusInternalServerError && onFabric: // known for service principals
		return "the server does not list sessions; it may run some all the same", "", nil
	}
	return "", "the server's log tells more", e
}

// forbidden says what to do where err is about a right; "" for another one.
func (d *doctor) forbidden(err error) string {
	var refused *livy.APIError
	if !errors.As(err, &refused) || refused.StatusCode != http.StatusForbidden {
		return ""
	}
	_, todo, _ := d.refusal(refused)
	return todo
}

// sessionTime bounds the start of the session.
const sessionTime = 10 * time.Minute

// session starts a session, with the settings of the profile.
func (d *doctor) session(ctx context.Context) (detail, todo string, err error) {
	ctx, cancel := context.WithTimeout(ctx, sessionTime)
	defer cancel()
	began := time.Now()
	request := d.Profile.Session
	request.Kind, request.Name = "", "livy-kernel-doctor-"+uuid.NewString()[:8]
	made, err := d.connection.CreateSession(ctx, request)
	if err != nil {
		todo = cmp.Or(d.forbidden(err), "where it speaks of resources, ask for less, or wait until there is capacity")
		return "", todo, fmt.Errorf("no session was made: %w", err)
	}
	d.running = made.ID
	var told livy.SessionState
	_, err = d.connection.WaitSession(ctx, made, func(s livy.Session) {
		if s.State != told {
			d.Step("session: " + string(s.State))
		}
		told = s.State
	})
	if err != nil {
		return "", logTodo(err), err
	}
	return fmt.Sprintf("%s was made in %s", made.ID, time.Since(began).Round(100*time.Millisecond)), "", nil
}

// statement runs 1+1.
func (d *doctor) statement(ctx context.Context) (detail, todo string, err error) {
	ctx, cancel := context.WithTimeout(ctx, sessionTime)
	defer cancel()
	began := time.Now()
	stmt, err := d.connection.Submit(ctx, d.running, livy.StatementRequest{Code: "1+1", Kind: livy.KindPySpark})
	if err == nil {
		stmt, err = d.connection.WaitStatement(ctx, d.running, stmt, nil)
	}
	if err != nil {
		return "", cmp.Or(d.forbidden(err), "the log of the session may tell why"), fmt.Errorf("1+1 was not run: %w", err)
	}
	if stmt.Output == nil || render.Failure(*stmt.Output) != nil || strings.TrimSpace(render.Output(*stmt.Output).Stdout) != "2" {
		return "", "the log of the session may tell why", errors.New("1+1 is not 2 there")
	}
	return "is 2, after " + time.Since(began).Round(time.Millisecond).String(), "", nil
}

// deleteSession deletes the session that was made.
func (d *doctor) deleteSession(ctx context.Context) (detail, todo string, err error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if err := d.connection.DeleteSession(ctx, d.running); err != nil {
		return "", "livy-kernel sessions, or the server's own page, shows what is left", fmt.Errorf("session %s was not deleted: %w", d.running, err)
	}
	return fmt.Sprintf("%s is deleted", d.running), "", nil
}

func logTodo(err error) string {
	var failed *livy.SessionStartError
	if errors.As(err, &failed) && len(failed.Log) > 0 {
		return "its log ends: " + strings.Join(strings.Fields(render.Plain(failed.Log[len(failed.Log)-1])), " ")
	}
	return ""
}
