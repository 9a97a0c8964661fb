// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFabricFields: an answer has the fields of the schema, and no others.
func TestFabricFields(t *testing.T) {
	engine := NewEngine()
	engine.Otherwise(Error("ValueError", "no", "line 1\n"))
	_, c := startFabric(t, engine, Fabric{Phases: []FabricPhase{{State: "starting", Livy: "starting", Fabric: "queued", Plugin: "Queued", Scheduler: "Queued"}}})
	fields := func(body json.RawMessage, within ...string) string {
		t.Helper()
		var object map[string]json.RawMessage
		for _, name := range append(within, "") {
			object = nil
			if err := json.Unmarshal(body, &object); err != nil {
				t.Fatalf("%v: %s", err, body)
			}
			if name != "" {
				body = object[name]
			}
		}
		return strings.Join(slices.Sorted(maps.Keys(object)), " ")
	}
	get := func(method, path, body string) json.RawMessage {
		t.Helper()
		_, answer, err := c.do(method, path, body)
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	created := get("POST", "/sessions", `{"name":"n"}`)
	session := fabricPath(t, "/sessions", created)
	get("GET", session, "") // the phase has been shown
	submitted := get("POST", session+"/statements", `{"code":"x","kind":"spark"}`)
	statement := fabricPath(t, session+"/statements", submitted)
	c.eventually("available", func() bool { return strings.Contains(string(get("GET", statement, "")), `"available"`) })
	var list struct{ Items []json.RawMessage }
	if err := json.Unmarshal(get("GET", "/sessions", ""), &list); err != nil || len(list.Items) != 1 {
		t.Fatal(list, err)
	}
	for name, c := range map[string]struct{ got, want string }{
		"SessionResponse": {fields(created),
			"appId appInfo artifactId cancellationReason errorInfo fabricSessionStateInfo id jobType livyInfo log name pluginInfo result schedulerInfo state submitterId submitterName tags"},
		"SessionStateInfo": {fields(created, "fabricSessionStateInfo"), "errorMessage state"},
		"LivySessionStateInformation": {fields(created, "livyInfo"),
			"busyAt currentState deadAt errorAt idleAt jobCreationRequest killedAt notStartedAt recoveringAt shuttingDownAt startingAt"},
		"SchedulerInformation": {fields(created, "schedulerInfo"), "cancellationRequestedAt currentState endedAt queuedAt scheduledAt submittedAt"},
		"SparkServicePluginInformation": {fields(created, "pluginInfo"),
			"cleanupStartedAt currentState monitoringStartedAt preparationStartedAt resourceAcquisitionStartedAt submissionStartedAt"},
		"StatementResponse":             {fields(submitted), "code id output sourceId state"},
		"StatementsResponse":            {fields(get("GET", session+"/statements", "")), "statements total_statements"},
		"StatementOutput":               {fields(get("GET", statement, ""), "output"), "ename evalue execution_count status traceback"},
		"StatementCancellationResponse": {fields(get("POST", statement+"/cancel", "")), "msg"},
		"LivySparkActivityList":         {fields(get("GET", "/sessions", "")), "items pageSize totalCountOfMatchedItems"},
		"LivySparkActivity": {fields(list.Items[0]),
			"appId artifactId cancellationReason endedAt errorCode errorSource id isJobTimedOut livyState name pluginState result schedulerState startedAt submittedAt submitterId submitterName tags workspaceId"},
		"HighConcurrencySessionResponse": {fields(get("POST", "/highConcurrencySessions", `{"sessionTag":"t"}`)),
			"artifactId createdAt creatorId fabricSessionStateInfo id replId sessionId sessionTag state workspaceId"},
		"ErrorResponse": {fields(get("GET", "/sessions/nosuch", "")), "errorCode message moreDetails relatedResource requestId"},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
