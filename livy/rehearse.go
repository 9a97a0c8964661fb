// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"fmt"
	"net"
)

// Rehearse has this process do once what a cell needs, a session's creation and
// a statement, with a server in memory. What the first requests would wait for
// is there then: the program's pages, the tables of the HTTP client. It takes
// milliseconds, and is for a program that has time before its first cell.
func Rehearse(ctx context.Context) error {
	here, there := net.Pipe()
	defer here.Close()
	transport := newTransport(nil, nil)
	transport.DialContext = func(context.Context, string, string) (net.Conn, error) { return here, nil }
	c, err := New("http://localhost", WithTransport(transport))
	if err != nil {
		return err
	}
	go rehearsedAnswers(there)
	session, err := c.CreateSession(ctx, CreateSessionRequest{})
	if err != nil {
		return err
	}
	s, err := c.Submit(ctx, session.ID, StatementRequest{Code: "1"})
	if err != nil {
		return err
	}
	_, err = c.WaitStatement(ctx, session.ID, s, nil)
	return err
}

// rehearsedAnswers answers each request on conn, which comes in one piece,
// until the other end is closed.
func rehearsedAnswers(conn net.Conn) {
	defer conn.Close()
	request := make([]byte, 4096)
	for _, body := range []string{
		`{"id":0,"state":"idle"}`,
		`{"id":0,"state":"running"}`,
		`{"id":0,"state":"available","output":{"status":"ok","execution_count":0,"data":{"text/plain":"1"}}}`,
	} {
		if _, err := conn.Read(request); err != nil {
			return
		}
		if _, err := fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body); err != nil {
			return
		}
	}
}
