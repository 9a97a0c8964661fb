// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// A client meets the fault that is hardest to get right: the server takes a
// statement, and its answer never arrives. What the client did about it can be
// read from the server: one submission, one run.
func Example() {
	engine := livytest.NewEngine()
	engine.On("transfer(100)", livytest.Text("done"))
	srv := livytest.NewServer(engine)
	defer srv.Close()

	ctx := context.Background()
	client, err := livy.New(srv.URL)
	if err != nil {
		panic(err)
	}
	defer client.CloseIdleConnections()
	session, err := client.CreateSession(ctx, livy.CreateSessionRequest{Kind: livy.KindPySpark})
	if err == nil {
		session, err = client.WaitSession(ctx, session, nil)
	}
	if err != nil {
		panic(err)
	}

	srv.Inject("POST /sessions/*/statements", livytest.ResetAfterAcceptance())
	_, err = client.Submit(ctx, session.ID, livy.StatementRequest{Code: "transfer(100)", Kind: livy.KindPySpark})
	var uncertain *livy.UncertainError
	fmt.Println("uncertain:", errors.As(err, &uncertain))
	fmt.Println("submitted:", srv.Submissions("transfer(100)"))
	// Output:
	// uncertain: true
	// submitted: 1
}
