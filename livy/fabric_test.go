// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/livy"
)

const sessionGUID = "0b6b3d2c-1111-4222-8333-944455556666"

// TestRow81States: Fabric tells the state in several places. The nested one of
// Livy wins, and an unknown one is kept.
func TestRow81States(t *testing.T) {
	for _, c := range []struct {
		body  string
		state livy.SessionState
		phase string
	}{
		{`{"state":"starting","livyInfo":{"currentState":"idle"}}`, livy.SessionIdle, ""},
		{`{"state":"idle","livyInfo":{"currentState":"Dead"}}`, livy.SessionDead, ""},
		{`{"state":"Idle"}`, livy.SessionIdle, ""},
		{`{"state":"idle","livyInfo":null,"fabricSessionStateInfo":null}`, livy.SessionIdle, ""},
		{`{"state":"not_started","fabricSessionStateInfo":{"state":"libraryPackaging"},"schedulerInfo":{"currentState":"Scheduled"}}`, livy.SessionNotStarted, "library packaging"},
		{`{"state":"submitting","pluginInfo":{"currentState":"ResourceAcquisition"},"schedulerInfo":{"currentState":"Queued"}}`, "submitting", "resource acquisition, queued"},
		{`{"state":"not_submitted","fabricSessionStateInfo":{"state":"queued"},"pluginInfo":{"currentState":"Preparation"}}`, "not_submitted", "preparation, queued"},
		{`{"state":"starting","fabricSessionStateInfo":{"state":"acquiringSession"},"pluginInfo":{"currentState":"Monitoring"},"schedulerInfo":{"currentState":"Scheduled"}}`, livy.SessionStarting, "acquiring session"},
		{`{"state":"not_submitted","fabricSessionStateInfo":{"state":"unknown"},"schedulerInfo":{"currentState":"Queued"}}`, "not_submitted", "queued"},
		{`{"state":"starting","livyInfo":{"currentState":"not_started"},"fabricSessionStateInfo":{"state":"Error","errorMessage":"no such pool"}}`, livy.SessionError, "error"},
		{`{"state":"starting","fabricSessionStateInfo":{"state":"cancelled"}}`, livy.SessionCancelled, "cancelled"},
		{`{"state":"idle","livyInfo":{"currentState":"idle"},"fabricSessionStateInfo":{"state":"error"}}`, livy.SessionIdle, ""},
		{`{"state":"not_started","result":"Failed"}`, livy.SessionError, ""},
		{`{"state":"busy","result":"Uncertain"}`, livy.SessionBusy, ""},
		{`{"livyState":"busy","schedulerState":"Scheduled","isJobTimedOut":false}`, livy.SessionBusy, ""},
		{`{"state":"hibernating","news":[{}]}`, "hibernating", ""},
	} {
		var s livy.Session
		if err := json.Unmarshal([]byte(c.body), &s); err != nil || s.State != c.state || s.Phase != c.phase {
			t.Errorf("%s: state %q, phase %q, %v", c.body, s.State, s.Phase, err)
		}
	}
}

func TestFallbackReasons(t *testing.T) {
	for tag, want := range map[string][]string{
		`"UserSparkConfigMismatch"`:                {"UserSparkConfigMismatch"},
		`"UserSparkConfigMismatch, CustomPool"`:    {"UserSparkConfigMismatch", "CustomPool"},
		`"[\"UserSparkConfigMismatch\",\"\"]"`:     {"UserSparkConfigMismatch"},
		`"UserSpark\u001b]0xConfig\u202eMismatch"`: {"UserSpark ]0xConfigMismatch"},
		`""`: nil, `7`: nil,
	} {
		var s livy.Session
		err := json.Unmarshal([]byte(`{"tags":{"fallbackReasons":`+tag+`,"a":"b"}}`), &s)
		if diff := cmp.Diff(want, s.FallbackReasons()); err != nil || diff != "" {
			t.Errorf("%s: %v %s", tag, err, diff)
		}
	}
}

func FuzzSession(f *testing.F) {
	f.Add([]byte(`{"id":"a","state":"idle","livyInfo":{"currentState":"idle"},"tags":{"FallbackReasons":"a,b"},"errorInfo":[{"message":"m"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var s livy.Session
		if json.Unmarshal(b, &s) != nil {
			return
		}
		for _, text := range append(append(s.FallbackReasons(), s.Reasons()...), s.Phase) {
			if strings.ContainsAny(text, "\x1b\n\r\x00\u202e") || len(text) > 1100 {
				t.Errorf("%q gives %q", b, text)
			}
		}
		if s.State.Ready() && s.State.Terminal() || string(s.State) != strings.ToLower(string(s.State)) {
			t.Errorf("%q gives state %q", b, s.State)
		}
	})
}

// TestSessionThatFailsOnFabric: there is no log, so the reasons stand in its
// place.
func TestSessionThatFailsOnFabric(t *testing.T) {
	client := onFabric(t, func(*http.Request) (int, string) {
		return 200, `{"id":"` + sessionGUID + `","state":"error","errorInfo":[{"message":"Livy session has failed.","errorCode":"LIBRARY_MANAGEMENT_ERROR","source":"User"}],"fabricSessionStateInfo":{"state":"error","errorMessage":"no wheel"}}`
	})
	_, err := client.WaitSession(t.Context(), livy.Session{ID: sessionGUID, State: "error"}, nil)
	if !errors.As(err, new(*livy.SessionStartError)) {
		t.Errorf("error is %v", err)
	}
	log, err := client.Log(t.Context(), sessionGUID, livy.LogTail, 10)
	if diff := cmp.Diff([]string{"LIBRARY_MANAGEMENT_ERROR: Livy session has failed.", "no wheel"}, log); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

// onFabric returns a client of a scripted Fabric.
func onFabric(t *testing.T, answer scripted, opts ...livy.Option) *livy.Client {
	t.Helper()
	client, err := livy.New(fabricURL, append(opts, livy.WithTransport(answer))...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// TestListsOfSessions in every shape that is documented or was seen.
func TestListsOfSessions(t *testing.T) {
	for body, want := range map[string]int{
		`{"items":[{"id":"a"},{"id":"b"}],"totalCountOfMatchedItems":2,"pageSize":100}`: 2,
		`[{"id":"a"}]`:              1,
		`{"id":"a","state":"idle"}`: 1,
		`{"sessions":[{"id":1}]}`:   1,
		`{}`:                        0,
		`{"items":[],"continuationUri":"https://169.254.169.254/"}`: 0,
	} {
		client := onFabric(t, func(*http.Request) (int, string) { return 200, body })
		all, err := client.Sessions(t.Context())
		if len(all) != want || err != nil {
			t.Errorf("%s: %d sessions, %v", body, len(all), err)
		}
	}
	asked := 0
	client := onFabric(t, func(r *http.Request) (int, string) {
		skip := r.URL.Query().Get("$skip")
		asked++
		return 200, fmt.Sprintf(`{"items":[{"id":"a%s"}],"totalCountOfMatchedItems":3}`, skip)
	})
	if all, err := client.Sessions(t.Context()); len(all) != 3 || asked != 3 || err != nil {
		t.Errorf("%d sessions in %d pages, %v", len(all), asked, err)
	}
}

// TestRow69ErrorsRepeatNoSecret of the body, wherever the server puts it, also
// where the end of the message is cut off.
func TestRow69ErrorsRepeatNoSecret(t *testing.T) {
	body := livy.CreateSessionRequest{Name: "n", Conf: map[string]string{"spark.hadoop.fs.azure.account.key.acc": canary + "==", "spark.executor.cores": "four"}}
	for _, answer := range []string{
		`{"message":"cannot set fs.azure.account.key to ` + canary + `==","errorCode":"` + canary + `=="}`,
		`"bad conf: ` + canary + `== four"`,
		`<p>` + canary + `==</p>`,
		`"` + strings.Repeat("x", 505) + canary + `=="`,
	} {
		client := onFabric(t, func(*http.Request) (int, string) { return 400, answer })
		_, err := client.CreateSession(t.Context(), body)
		if err == nil || strings.Contains(err.Error(), canary[:6]) {
			t.Errorf("error is %v", err)
		}
	}
}

func TestKeepAliveOfADialect(t *testing.T) {
	client := onFabric(t, func(r *http.Request) (int, string) {
		if want := "/sessions/" + sessionGUID + "/reset-timeout"; r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, want) {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		return 204, ""
	})
	if err := client.KeepAlive(t.Context(), sessionGUID); err != nil {
		t.Error(err)
	}
	if _, err := client.Complete(t.Context(), sessionGUID, livy.CompletionRequest{}); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("completion: %v", err)
	}
}
