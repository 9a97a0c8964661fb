// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"cmp"
	"encoding/json"
	"strings"
)

// sessionFields is a Session without its UnmarshalJSON.
type sessionFields Session

// fabricSession is the session object of Fabric, and an item of its list.
type fabricSession struct {
	sessionFields
	Livy struct {
		CurrentState SessionState `json:"currentState"`
	} `json:"livyInfo"`
	LivyState SessionState `json:"livyState"` // of the list
	Fabric    struct {
		State        string `json:"state"`
		ErrorMessage string `json:"errorMessage"`
	} `json:"fabricSessionStateInfo"`
	Plugin struct {
		CurrentState string `json:"currentState"`
	} `json:"pluginInfo"`
	Scheduler struct {
		CurrentState string `json:"currentState"`
	} `json:"schedulerInfo"`
	Result             string `json:"result"`
	CancellationReason string `json:"cancellationReason"`
}

// UnmarshalJSON reads a session of any dialect. Fabric tells a state in up to
// four places, which disagree while it starts. Livy's own in livyInfo wins; what
// Fabric says of a failure before Livy had the session comes next, for Livy
// never hears of it.
func (s *Session) UnmarshalJSON(b []byte) error {
	var raw fabricSession
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	*s = Session(raw.sessionFields)
	s.State = cmp.Or(raw.Livy.CurrentState, raw.LivyState, s.State)
	if !s.State.Ready() && !s.State.Terminal() {
		s.State = cmp.Or(raw.end(), s.State)
		s.Phase = raw.phase()
	}
	s.Terminated = clean(cmp.Or(raw.Fabric.ErrorMessage, raw.CancellationReason))
	return nil
}

// end returns the terminal state that Fabric tells beside Livy's, or "".
func (f fabricSession) end() SessionState {
	switch strings.ToLower(f.Fabric.State) {
	case "error":
		return SessionError
	case "cancelled":
		return SessionCancelled
	}
	switch strings.ToLower(f.Result) {
	case "failed":
		return SessionError
	case "cancelled":
		return SessionCancelled
	}
	return ""
}

// phase tells in words what a session that starts is at: Fabric's own state,
// else that of the part which has it in hand, and that it is queued where any of
// them says so. "unknown" says nothing.
func (f fabricSession) phase() string {
	at, queued := "", false
	for _, state := range []string{f.Fabric.State, f.Plugin.CurrentState, f.Scheduler.CurrentState} {
		switch strings.ToLower(state) {
		case "", "unknown", "ended":
		case "queued":
			queued = true
		default:
			at = cmp.Or(at, spaced(state))
		}
	}
	switch {
	case queued && at == "":
		return "queued"
	case queued:
		return at + ", queued"
	}
	return at
}
