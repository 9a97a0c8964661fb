// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package hotpath

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/bridge"
	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
)

// canned answers as a Livy server does whose statements end at once.
type canned struct{}

// RoundTrip implements http.RoundTripper.
func (canned) RoundTrip(r *http.Request) (*http.Response, error) {
	body := `{"id":0,"state":"idle","kind":"shared"}`
	if strings.Contains(r.URL.Path, "/statements") {
		body = `{"id":0,"code":"x","state":"available","output":{"status":"ok","execution_count":0,"data":{"text/plain":"a line of output"}},"progress":1.0}`
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// unseen is a kernel.Sink that drops everything.
type unseen struct{}

func (unseen) Stream(string, string)                       {}
func (unseen) Display(kernel.Display)                      {}
func (unseen) UpdateDisplay(kernel.Display)                {}
func (unseen) Result(kernel.MIMEBundle, kernel.MIMEBundle) {}
func (unseen) ClearOutput(bool)                            {}
func (unseen) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("nobody is asked")
}

// bridgeCell runs a cell as a statement.
func bridgeCell(tb testing.TB) func() {
	tb.Helper()
	client, err := livy.New("http://127.0.0.1", livy.WithTransport(canned{}))
	if err != nil {
		tb.Fatal(err)
	}
	b := bridge.New(bridge.Options{
		Profile: config.Profile{Name: "bench", Endpoint: "http://127.0.0.1"},
		Connect: func(context.Context, func(string)) (*livy.Client, io.Closer, error) { return client, nil, nil },
	})
	tb.Cleanup(func() {
		if err := b.Close(context.Background(), false); err != nil {
			tb.Error(err)
		}
	})
	return func() {
		if err := b.Execute(context.Background(), kernel.Cell{Code: "print(x)", StoreHistory: true}, unseen{}); err != nil {
			tb.Fatal(err)
		}
	}
}

func BenchmarkBridgeCell(b *testing.B) {
	run := bridgeCell(b)
	b.ReportAllocs()
	for b.Loop() {
		run()
	}
}
