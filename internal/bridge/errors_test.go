// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/entra"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestWords holds the words of every error that a cell can show to its golden
// file. What the server says in them is hostile (fault-matrix row 70, 72).
func TestWords(t *testing.T) {
	log := []string{"old", "1", "2", "3", "4", "5", "6", "7\n", "stderr: \x1b[31mred\x1b]0;title\x07", "", "<script>alert(1)</script>", "last"}
	refused := errors.New("dial tcp 127.0.0.1:8998: connect: connection refused")
	transport := &livy.TransportError{Op: "get session", Host: "livy.example:8998", Phase: livy.PhaseTCP, Tries: 4, Err: refused}
	uncertain := &livy.UncertainError{Op: "submit statement", Err: transport}
	status := func(code int, message string) error {
		return &livy.APIError{Op: "submit statement", StatusCode: code, Message: message}
	}
	open := New(Options{Version: "1.2.3", LogFile: "/var/log/kernel.log", Profile: config.Profile{Name: "sales", Auth: "none"}})
	basic := New(Options{Version: "1.2.3", Profile: config.Profile{Name: "sales", Auth: "basic"}})
	fabric := New(Options{Version: "1.2.3", Profile: config.Profile{
		Name: "sales", Auth: "entra", Dialect: "fabric",
		Endpoint: "https://api.fabric.microsoft.com/v1/workspaces/11111111-2222-3333-4444-555555555555/lakehouses/66666666-7777-8888-9999-000000000000/livyApi/versions/2023-12-01",
	}})
	ofFabric := func(op string, code int, name, message string) error {
		return fabric.word(&livy.APIError{Op: op, StatusCode: code, Code: name, Message: message, RequestID: "r-1"})
	}
	for name, err := range map[string]error{
		"fabric_unauthorized":    ofFabric("create session", 401, "InvalidToken", "the audience is wrong"),
		"token_refused":          New(Options{Profile: config.Profile{Name: "sales", Auth: "bearer"}}).word(status(401, "expired")),
		"fabric_denied":          ofFabric("create session", 403, "InsufficientPrivileges", "The caller does not have sufficient permissions"),
		"fabric_no_workspace":    ofFabric("create session", 404, "WorkspaceNotFound", "The requested workspace could not be found"),
		"fabric_no_lakehouse":    ofFabric("list sessions", 404, "ItemNotFound", "The requested item could not be found"),
		"fabric_not_found":       ofFabric("create session", 404, "EndpointNotFound", "not there"),
		"fabric_unknown":         ofFabric("get session", 404, "EntityNotFound", "The requested session could not be found"),
		"session_lost":           open.word(&livy.SessionLostError{State: livy.SessionDead, Log: log}),
		"session_lost_no_log":    open.word(fmt.Errorf("submit: %w", &livy.SessionLostError{State: "gone"})),
		"session_start_failed":   open.word(&livy.SessionStartError{State: livy.SessionDead, Elapsed: 12400 * time.Millisecond, Log: log}),
		"set_up_failed":          open.word(&connectError{errors.New("no Python 3.9 to 3.12 was found on PATH; install one")}),
		"sign_in_required":       open.word(status(401, "")),
		"sign_in_failed":         basic.word(status(401, "Bad credentials")),
		"access_denied":          open.word(status(403, "User 'u' not allowed\n<b>to</b> \x1b]52;c;aGk=\x07impersonate")),
		"not_found":              open.word(&createError{status(404, "")}),
		"throttled":              open.word(status(429, "")),
		"refused":                open.word(&createError{status(400, "Rejected, too many sessions are being created!")}),
		"connection_failed":      open.word(&createError{transport}),
		"connection_lost":        open.word(&followError{transport}),
		"result_lost":            open.word(&followError{status(404, "Statement not found")}),
		"submission_unknown":     open.word(uncertain),
		"submission_absent":      open.word(&livy.UncertainError{Op: "submit statement", Err: transport, Absent: true}),
		"throttled_capacity":     open.word(&livy.ThrottledError{Op: "create session", Capacity: true, Err: status(430, "")}),
		"sign_in_refused":        open.word(&connectError{&auth.SignInError{Code: "AADSTS65001", Meaning: "consent is missing; ask an administrator", CorrelationID: "c-1"}}),
		"sign_in_unreachable":    open.word(&connectError{&auth.UnreachableError{Host: "login.example", Phase: "DNS", Err: refused}}),
		"sign_in_option":         open.word(&connectError{&entra.OptionError{Option: "client_id", Problem: "is missing"}}),
		"session_unknown":        open.word(&createError{&livy.UncertainError{Op: "create session", Err: transport}}),
		"interrupted":            open.word(fmt.Errorf("submit: %w", kernel.ErrInterrupted)),
		"interrupted_cancelled":  interrupted("the statement was cancelled"),
		"interrupted_start":      interruptedStart(),
		"interrupted_still_runs": stillRunning(),
		"interpreter_died":       interpreterDied(&kernel.CellError{EName: "Error", EValue: "Interpreter died:\n\nERROR:fake_shell:execute_reply\nKeyError: 'nosuch'"}),
		"no_reason":              noReason(),
		"config_error":           open.word(&connectError{&config.Error{File: "/home/u/config.toml", Key: "profiles.sales.auth", Problem: "\"x\" is not known", Allowed: []string{"none", "basic"}}}),
		"no_password":            open.word(&connectError{&auth.RequiredError{Profile: "sales", Err: auth.ErrNoPassword, Hint: "run livy-kernel login sales, or set LIVY_KERNEL_PASSWORD"}}),
		"still_goes_on":          goesOn(),
		"bare_magic":             bareMagicError("%json"),
		"magic_options":          magicOptions(magic{sign: "%%", name: "spark", args: "-o df"}),
		"magic_takes_no_code":    magicTakesNoCode(magic{sign: "%%", name: "info"}),
		"sql_option":             sqlOptionError(errors.New("there is no option -x")),
		"session_word":           unknownSessionMagic("restart"),
		"setting_unknown":        configError("%%configure: " + apache.unknown("driverMem").Error()),
		"not_held":               notHeld(),
		"unknown_magic":          unknownMagic(magic{sign: "%%", name: "sqll"}),
		"kernel_internal_error":  open.word(errors.New("a fault\nin two lines")),
		"long_answer":            open.word(status(400, strings.Repeat("word ", 1000))),
	} {
		t.Run(name, func(t *testing.T) {
			e := cellError(t, err)
			if strings.ContainsAny(e.EValue, "\n\x1b") {
				t.Errorf("not one line: %q", e.EValue)
			}
			got := fmt.Sprintf("%s\n%s\n\n%s\n", e.EName, e.EValue, strings.ReplaceAll(strings.Join(e.Traceback, "\n"), "\x1b", `\e`))
			compareGolden(t, filepath.Join("errors", name), got)
		})
	}
}

// TestErrorsOfTheMessagingAreExplained: what the kernel words before the bridge
// hears of it leads to its section as the bridge's own errors do.
func TestErrorsOfTheMessagingAreExplained(t *testing.T) {
	explain := New(Options{}).Info().Explain
	own := newError("QueueFull", "too much", nil)
	if got := explain("QueueFull"); got != own.Traceback[1] || !strings.Contains(got, "livy-kernel explain QueueFull") {
		t.Errorf("%q, and below the bridge's own %q", got, own.Traceback)
	}
	if got := explain("KeyboardInterrupt"); got != "" || len(newError("KeyboardInterrupt", "cancelled", nil).Traceback) != 1 {
		t.Errorf("%q below what its sentence tells whole", got)
	}
}
