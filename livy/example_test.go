// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"context"
	"fmt"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// A session, a statement, its result. The server is a scripted one.
func Example() {
	engine := livytest.NewEngine()
	engine.On("1 + 1", livytest.Text("2"))
	srv := livytest.NewServer(engine)
	defer srv.Close()

	ctx := context.Background()
	client, err := livy.New(srv.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()
	session, err := client.CreateSession(ctx, livy.CreateSessionRequest{Kind: livy.KindPySpark})
	if err == nil {
		session, err = client.WaitSession(ctx, session, nil)
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	statement, err := client.Submit(ctx, session.ID, livy.StatementRequest{Code: "1 + 1", Kind: livy.KindPySpark})
	if err == nil {
		statement, err = client.WaitStatement(ctx, session.ID, statement, nil)
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(statement.State, string(statement.Output.Data["text/plain"]))
	// Output: available "2"
}

// The connection breaks after the server has taken a statement. A Submitter
// finds out that it has, and the code runs once.
func ExampleSubmitter() {
	engine := livytest.NewEngine()
	engine.On("transfer(100)", livytest.Text("done"))
	srv := livytest.NewServer(engine)
	defer srv.Close()

	ctx := context.Background()
	client, err := livy.New(srv.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()
	session, err := client.CreateSession(ctx, livy.CreateSessionRequest{Kind: livy.KindPySpark})
	if err == nil {
		session, err = client.WaitSession(ctx, session, nil)
	}
	if err != nil {
		fmt.Println(err)
		return
	}

	srv.Inject("POST /sessions/*/statements", livytest.ResetAfterAcceptance())
	submitter := client.NewSubmitter(session.ID, livy.NoStatements)
	statement, err := submitter.Submit(ctx, livy.StatementRequest{Code: "transfer(100)", Kind: livy.KindPySpark})
	if err == nil {
		statement, err = client.WaitStatement(ctx, session.ID, statement, nil)
	}
	fmt.Println(statement.State, err, "runs:", engine.Runs("transfer(100)"))
	// Output: available <nil> runs: 1
}
