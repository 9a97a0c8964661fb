// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/finish"
	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// left is all that a run leaves behind: a name and the bytes.
type left map[string][]byte

// search reports every secret that stands anywhere, in any usual form.
func (l left) search(t *testing.T, secrets []string) {
	t.Helper()
	if len(secrets) < 10 {
		t.Fatalf("only %d secrets to search for", len(secrets))
	}
	for _, secret := range secrets {
		forms := []string{
			secret, url.QueryEscape(secret), hex.EncodeToString([]byte(secret)),
			base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
		}
		for name, content := range l {
			if i := slices.IndexFunc(forms, func(form string) bool { return bytes.Contains(content, []byte(form)) }); i >= 0 {
				t.Errorf("%.12s… stands in %s", secret, name)
			}
		}
	}
}

// files adds every file below a folder.
func (l left) files(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		l[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// processes adds arguments and environment of every process, where the system
// tells them; it returns whether one has the argument.
func (l left) processes(argument string) (seen, told bool) {
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range all {
		line, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended, or is somebody else's
		}
		environ, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "environ"))
		l[path] = append(append(l[path], line...), environ...)
		seen = seen || slices.Contains(strings.Split(string(line), "\x00"), argument)
	}
	return seen, err == nil && len(all) > 0
}

// messages adds all that the kernel sent to a client.
func (l left) messages(client *kerneltest.Client) {
	for _, channel := range []kerneltest.Channel{kerneltest.Shell, kerneltest.Control, kerneltest.Stdin, kerneltest.IOPub} {
		name := fmt.Sprint("messages on ", channel)
		for _, m := range client.Transcript(channel) {
			l[name] = append(append(append(l[name], m.Content...), m.Metadata...), '\n')
		}
	}
}

// asked runs a cell whose front-end takes input; answer is given the code that
// the cell shows.
func asked(t *testing.T, client *kerneltest.Client, code string, answer func(userCode string) error) kerneltest.Exchange {
	t.Helper()
	request, err := client.Send(t.Context(), kerneltest.Shell, wire.ExecuteRequest{Code: code, StoreHistory: true, AllowStdin: true})
	if err != nil {
		t.Fatal(err)
	}
	var shown string
	x, err := client.Wait(t.Context(), request, func(x kerneltest.Exchange) bool {
		for _, m := range x.IOPub {
			if found := userCode.FindSubmatch(m.Content); found != nil {
				shown = string(found[1])
			}
		}
		return shown != "" || x.Served()
	})
	if err == nil && shown != "" {
		if err := answer(shown); err != nil {
			t.Fatalf("code %q: %v", shown, err)
		}
		x, err = client.Wait(t.Context(), request, kerneltest.Exchange.Served)
	}
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestRow68WholeRun takes a user through a day with the log at its most
// talkative, and searches every byte that is left for what was secret in it.
func TestRow68WholeRun(t *testing.T) {
	u, authority, srv := fabricUser(t, []livytest.FabricPhase{}, authtest.TokenLife(20*time.Second)) // which is refreshed for every request
	found := left{}
	const configured = "canary-of-a-setting"
	var codes []string
	accept := func(code string) error {
		codes = append(codes, code)
		return authority.EnterCode(code, "ann@contoso.example")
	}
	decline := func(code string) error {
		codes = append(codes, code)
		return authority.DeclineCode(code)
	}
	k := u.startSales("LIVY_KERNEL_LOG=debug")
	client := k.dial(t)
	fails := func(x kerneltest.Exchange, name string) {
		t.Helper()
		if m := x.Find("error"); m == nil || !bytes.Contains(m.Content, []byte(name)) {
			t.Errorf("no %s: %v", name, x.Types())
		}
	}
	fails(asked(t, client, "1+1", decline), "SignInFailed")
	for _, code := range []string{"1+1", "raise ValueError on purpose", "%%info", "%%logs", "%%session list", "%%help", "%%nosuch"} {
		asked(t, client, code, accept)
	}
	// A server that repeats what it is sent, and tokens that it takes no more.
	srv.Inject("POST /sessions/*/statements", repeats(http.StatusForbidden))
	fails(asked(t, client, "1+1", accept), "AccessDenied")
	asked(t, client, "%%configure -f\n{\"conf\": {\"fs.azure.account.key.acc\": \""+configured+"\"}}", accept)
	srv.Inject("POST /sessions", repeats(http.StatusBadRequest))
	fails(asked(t, client, "1+1", accept), "RequestRefused")
	asked(t, client, "1+1", accept)
	authority.RevokeSignIns()
	authority.Refuse("refresh_token", authtest.Refusal{Code: 50173, Text: "revoked: " + strings.Join(authority.Secrets(), " ")})
	fails(asked(t, client, "2+2", decline), "SignInFailed")
	if x := asked(t, client, "1+1", accept); x.Find("error") != nil {
		t.Errorf("after signing in again: %s", x.Find("error").Content)
	}
	found.messages(client)

	// The end: the kernel hands the deletion over to a process of its own.
	first, second, looked, release := make(chan struct{}), make(chan struct{}), make(chan struct{}), make(chan struct{})
	defer close(release)
	srv.Inject("DELETE /sessions/*", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		close(first)
		livytest.Delay(release)(w, r, next)
	}, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		close(second)
		<-looked
		next.ServeHTTP(w, r)
	})
	found.processes("")
	k.signal(t, syscall.SIGTERM)
	<-first
	<-second
	if seen, told := found.processes(finish.Command); told && !seen {
		t.Error("the process that deletes is not among those that were looked at")
	}
	close(looked)
	k.ends(t, exitOK)
	for len(u.recordFiles()) > 0 { // which the other process is about to remove
		if t.Context().Err() != nil {
			t.Fatal("the record stays")
		}
	}
	for _, args := range [][]string{{"sessions"}, {"list"}, {"doctor", "sales", "--json"}, {"logout", "sales"}} {
		stdout, stderr, _ := u.run(args...)
		found[strings.Join(args, " ")] = []byte(stdout + stderr)
	}
	found["the log"] = k.stderr.Bytes()
	found.files(t, u.home)
	for i, r := range srv.Requests() { // the header Authorization is where a token may stand
		found[fmt.Sprintf("request %d to Fabric", i)] = append([]byte(r.Method+" "+r.Path+" "+r.Header.Get("User-Agent")), r.Body...)
	}
	if !bytes.Contains(found["the log"], []byte("level=DEBUG")) || len(found["messages on iopub"]) == 0 {
		t.Errorf("too little was looked at: %d bytes of log", len(found["the log"]))
	}
	secrets := slices.DeleteFunc(authority.Secrets(), func(s string) bool { return slices.Contains(codes, s) })
	found.search(t, secrets)
	for name, content := range found { // the setting goes to the server alone
		if bytes.Contains(content, []byte(configured)) && !strings.HasPrefix(name, "request ") && !strings.HasPrefix(name, "messages on iopub") {
			t.Errorf("the setting stands in %s", name)
		}
	}
	for name, content := range found { // codes were shown, and nothing else of the run keeps them
		for _, code := range codes {
			if bytes.Contains(content, []byte(code)) && name != "messages on iopub" {
				t.Errorf("a code stands in %s", name)
			}
		}
	}
}

// repeats refuses a request in words that hold all of it.
func repeats(status int) livytest.Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		(&livytest.FabricError{Status: status, Code: "Odd", Message: r.Header.Get("Authorization") + " " + body.String()}).Fault()(w, r, nil)
	}
}
