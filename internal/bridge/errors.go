// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/entra"
)

// This file words every error that a cell shows, but for those of the user's
// own code. Each says in one line what to do.

// maxLogLines is how much of a session's log stands with an error.
const maxLogLines = 10

// What was being done when an error came; the words depend on it.
type (
	connectError struct{ err error } // the Connector, before there was a client
	createError  struct{ err error } // POST /sessions
	followError  struct{ err error } // waiting for a statement that was accepted
)

func (e *connectError) Error() string { return "connect: " + e.err.Error() }
func (e *connectError) Unwrap() error { return e.err }
func (e *createError) Error() string  { return "start session: " + e.err.Error() }
func (e *createError) Unwrap() error  { return e.err }
func (e *followError) Error() string  { return "follow statement: " + e.err.Error() }
func (e *followError) Unwrap() error  { return e.err }

// word turns an error of the Livy client or of the connector into what the cell
// shows.
func (b *Bridge) word(err error) error {
	var (
		cell      *kernel.CellError
		wrong     *config.Error
		required  *auth.RequiredError
		refused   *auth.SignInError
		silent    *auth.UnreachableError
		astray    *auth.OriginError
		lost      *livy.SessionLostError
		failed    *livy.SessionStartError
		uncertain *livy.UncertainError
		throttled *livy.ThrottledError
		option    *entra.OptionError
		api       *livy.APIError
		transport *livy.TransportError
		connect   *connectError
		create    *createError
		follow    *followError
	)
	switch {
	case errors.As(err, &cell):
		return cell
	case errors.As(err, &wrong):
		return configError(wrong.Error())
	case errors.As(err, &required):
		return newError("SignInRequired", oneLine(required.Error()), nil)
	case errors.As(err, &refused):
		return newError("SignInFailed", oneLine(refused.Error()), nil)
	case errors.As(err, &silent):
		return newError("ConnectionFailed", oneLine(silent.Error())+"; nothing was run. Check the network, then run the cell again", nil)
	case errors.As(err, &astray):
		return configError(astray.Error())
	case errors.As(err, &option):
		return configError("sign-in: " + option.Error())
	case errors.As(err, &lost):
		return newError("SessionLost",
			fmt.Sprintf("the Spark session has ended (%s), its variables are gone; the next cell starts a new one", oneLine(string(lost.State))), lost.Log)
	case errors.As(err, &failed):
		return newError("SessionStartFailed",
			fmt.Sprintf("the Spark session did not start: state %s after %s; the log above says why. Where it speaks of resources, ask for less with %%%%configure, or wait until there is capacity",
				oneLine(string(failed.State)), seconds(failed.Elapsed)), failed.Log)
	case errors.As(err, &follow):
		name := "ResultLost"
		if errors.As(err, &transport) {
			name = "ConnectionFailed"
		}
		return newError(name, oneLine(follow.err.Error())+"; the cell was sent and may still run. It is not sent again; look at its effects, or at the Spark UI (%%info)", nil)
	case errors.As(err, &throttled):
		return b.wordThrottled(throttled)
	case errors.As(err, &uncertain) && errors.As(err, &create):
		return newError("SubmissionUnknown",
			"no answer came to the request for a session, so one may have come to be ("+oneLine(uncertain.Err.Error())+"). Nothing was run; the next cell asks for another one, and one that nobody uses ends by its time-out", nil)
	case errors.As(err, &uncertain) && uncertain.Absent:
		return newError("SubmissionUnknown",
			"no answer came to the request, and the server does not show the statement: most likely it did not run ("+oneLine(uncertain.Err.Error())+"). It is not sent again by itself; look at its effects before you run the cell again", nil)
	case errors.As(err, &uncertain):
		return newError("SubmissionUnknown",
			"no answer came to the request, so the code may or may not run ("+oneLine(uncertain.Err.Error())+"). It is not sent again, since it could run twice; look at its effects, or at the Spark UI (%%info), before you run the cell again", nil)
	case errors.Is(err, kernel.ErrInterrupted), errors.Is(err, kernel.ErrShutdown), errors.Is(err, context.Canceled):
		return interrupted("stopped before it was done")
	case errors.As(err, &api):
		return b.wordStatus(api)
	case errors.As(err, &transport):
		return newError("ConnectionFailed",
			fmt.Sprintf("%s; nothing was run. Check the network and the endpoint of profile %q, then run the cell again", oneLine(transport.Error()), b.profile.Name), nil)
	case errors.As(err, &connect):
		return newError("SessionStartFailed", oneLine(connect.err.Error()), nil)
	}
	text := "a fault of livy-kernel " + b.version + ": " + oneLine(err.Error())
	if b.logFile != "" {
		text += "; its log is " + b.logFile
	}
	return newError("KernelInternalError", text, nil)
}

// wordThrottled words a server, or a capacity, that takes no more for now.
func (b *Bridge) wordThrottled(e *livy.ThrottledError) error {
	what := "the server takes no more requests of yours"
	if e.Capacity {
		what = "there is no compute capacity free"
	}
	until := ""
	if !e.Until.IsZero() {
		until = " before " + e.Until.Local().Format(time.DateTime)
	}
	return newError("Throttled", what+until+"; nothing was submitted, run the cell again later ("+oneLine(e.Error())+")", nil)
}

// wordStatus words an answer of the server that refuses a request.
func (b *Bridge) wordStatus(api *livy.APIError) error {
	said := oneLine(api.Message)
	if said == "" {
		said = http.StatusText(api.StatusCode)
	}
	said = fmt.Sprintf("%d: %s", api.StatusCode, said)
	if worded := b.wordFabric(api, said); worded != nil {
		return worded
	}
	switch api.StatusCode {
	case http.StatusUnauthorized:
		if b.profile.Auth == "none" || b.profile.Auth == "" {
			return newError("SignInRequired", fmt.Sprintf("the server wants a sign-in (%s); set auth in profile %q with livy-kernel install", said, b.profile.Name), nil)
		}
		todo := "run: livy-kernel login " + b.profile.Name
		switch b.profile.Auth {
		case config.AuthBearer:
			todo = "it may have ended; set LIVY_KERNEL_TOKEN to another one and start the kernel again"
		case config.AuthEntra:
			todo = "livy-kernel doctor " + b.profile.Name + " shows whose token it is, and what for"
		}
		return newError("SignInFailed", fmt.Sprintf("the server refuses the sign-in (%s); %s", said, todo), nil)
	case http.StatusForbidden:
		return newError("AccessDenied", fmt.Sprintf("you have no right to do this on the server of profile %q (%s); ask its administrator", b.profile.Name, said), nil)
	case http.StatusNotFound:
		return newError("NotFound", fmt.Sprintf("the server does not know what was asked for (%s); check the endpoint of profile %q", said, b.profile.Name), nil)
	case http.StatusTooManyRequests:
		return newError("Throttled", fmt.Sprintf("the server takes no more requests for now (%s); nothing was submitted, run the cell again later", said), nil)
	}
	return newError("RequestRefused", fmt.Sprintf("the server refuses the request (%s)", said), nil)
}

// The interrupted cell. Front-ends know the name.
func interrupted(why string) error { return newError("KeyboardInterrupt", why, nil) }

func interruptedStart() error {
	return interrupted("the Spark session goes on starting; the next cell uses it")
}

func stillRunning() error {
	return interrupted("the cancel was sent, but the code has not ended: the driver may still be busy. The next cell waits for it and shows how long; %%session new does not wait, and loses the variables")
}

// goesOn is for a cell whose kernel ends and whose session is kept.
func goesOn() error {
	return interrupted("the kernel ended; the code goes on in the kept session, and the next kernel of this notebook shows its result")
}

// noReason is for a server that calls a statement failed and says no more.
func noReason() error {
	return newError("Error", "Livy says that the statement failed, but not why; %%logs may tell", nil)
}

// interpreterDied words the end of Python within a session that Livy goes on
// calling idle: every later Python cell would fail in the same way.
func interpreterDied(e *kernel.CellError) error {
	_, log, _ := strings.Cut(e.EValue, "\n")
	return newError("SessionLost", "the interpreter of this language has died, and with it the session is of no more use; its variables are gone, and the next cell starts a new one", strings.Split(log, "\n"))
}

func unknownMagic(m magic) error {
	name := m.String()
	if m.sign == "!" {
		name = "!" + m.args
	}
	return newError("UnknownMagic", oneLine(name)+" is not a magic of this kernel: "+adviseMagic(m), nil)
}

func bareMagicError(name string) error {
	return newError("UnknownMagic", name+" needs the name of a variable; without one it would end Livy's Python interpreter", nil)
}

func magicOptions(m magic) error {
	return newError("UnknownMagic", fmt.Sprintf("%s does not take %s here; %%%%help shows what each magic takes", m, oneLine(m.args)), nil)
}

func sqlOptionError(err error) error {
	return newError("UnknownMagic", "%%sql: "+oneLine(err.Error()), nil)
}

func magicTakesNoCode(m magic) error {
	return newError("UnknownMagic", m.String()+" takes no code; put the code into a cell of its own", nil)
}

func unknownSessionMagic(word string) error {
	return newError("UnknownMagic", "%%session knows list, attach ID, share NAME, keep, new and stop, not "+oneLine(word), nil)
}

// configError names what is wrong in the configuration or in %%configure.
func configError(text string) error { return newError("ConfigError", oneLine(text), nil) }

// notHeld refuses code that a front-end sends before the first cell.
func notHeld() error {
	return newError("Error", "too much code was sent before the first cell; it is not kept", nil)
}

// newError makes an error of the kernel's own, below the lines of a log.
func newError(name, value string, log []string) *kernel.CellError {
	e := &kernel.CellError{EName: name, EValue: value}
	log = withoutCells(log)
	for _, entry := range log[max(0, len(log)-maxLogLines):] {
		if text := strings.TrimRight(render.Plain(entry), "\n"); text != "" {
			e.Traceback = append(e.Traceback, text)
		}
	}
	e.Traceback = append(e.Traceback, "\x1b[0;31m"+name+"\x1b[0m: "+value)
	if line := explained(name); line != "" {
		e.Traceback = append(e.Traceback, line)
	}
	return e
}

// explained is the line below an error that says where more is told of it.
func explained(ename string) string {
	if ename == "Error" || ename == "KeyboardInterrupt" { // nothing to look up
		return ""
	}
	return "\x1b[2mlivy-kernel explain " + ename + "\x1b[0m"
}

// oneLine returns s on one line, without control characters and not too long.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(render.Plain(s)), " ")
	if r := []rune(s); len(r) > 500 {
		s = string(r[:500]) + "…"
	}
	return s
}

func seconds(d time.Duration) string { return d.Round(time.Second).String() }
