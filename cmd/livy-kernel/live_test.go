// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// TestOutputOfARunningCell: a client sees what a cell has printed while the cell
// runs, by either way, and all of it once in the end.
func TestOutputOfARunningCell(t *testing.T) {
	nonce := regexp.MustCompile(`livy-kernel-[A-Z2-7]{26}:`)
	for _, c := range []struct {
		name, settings string
		tells          bool
		begin          func(engine *livytest.Engine, call livytest.Call) // prints "begun"
	}{
		{"a server that tells", "", true, func(_ *livytest.Engine, call livytest.Call) { call.Printed("begun\n") }},
		{"by the log", "\n[profiles.sales.kernel]\nlive_output = \"log\"\n", false, func(engine *livytest.Engine, call livytest.Call) {
			mark := ""
			for _, stmt := range engine.Ran() {
				mark = max(mark, nonce.FindString(stmt.Code))
			}
			call.Log(fmt.Sprintf(`%s{"group":"%d","at":0,"text":"begun\n"}`, mark, call.ID))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			engine, seen := livytest.NewEngine(), make(chan struct{})
			engine.Otherwise(livytest.Text(""))
			engine.On("cell", func(ctx context.Context, call livytest.Call) (server.Output, error) {
				c.begin(engine, call)
				if c.tells {
					return livytest.Until(seen, func(context.Context, livytest.Call) (server.Output, error) {
						call.Printed("ended\n")
						return livytest.TextOutput("begun\nended"), nil
					})(ctx, call)
				}
				return livytest.Until(seen, livytest.Text("begun\nended"))(ctx, call)
			})
			srv := livytest.NewServer(engine, livytest.WithServerOptions(server.WithHold(c.tells)))
			defer srv.Close()
			u := newUser(t)
			u.must("install", "sales", "--endpoint", srv.URL, "--kinds", "pyspark")
			file := filepath.Join(u.home, ".config/livy-kernel/config.toml")
			config, err := os.ReadFile(file)
			if err == nil {
				err = os.WriteFile(file, append(config, c.settings...), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			p := start(t, u.environ, "--profile", "sales", "--config", file)
			client := p.dial(t)
			m, err := client.Send(t.Context(), kerneltest.Shell, wire.ExecuteRequest{Code: "cell", StoreHistory: true})
			if err != nil {
				t.Fatal(err)
			}
			x, err := client.Wait(t.Context(), m, func(x kerneltest.Exchange) bool { return strings.Contains(x.Text(wire.Stdout), "begun\n") })
			if err != nil || x.Idle() {
				t.Fatalf("the cell has ended: %v, error %v", x.Types(), err)
			}
			close(seen)
			if x, err = client.Wait(t.Context(), m, kerneltest.Exchange.Served); err != nil || x.Text(wire.Stdout) != "begun\nended\n" {
				t.Errorf("%q, error %v", x.Text(wire.Stdout), err)
			}
			if err := p.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			p.ends(t, exitOK)
		})
	}
}
