// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"
	"unicode"
)

// Session is the session object of the Livy REST API. Fields that a server
// leaves out or sends as null are empty.
type Session struct {
	ID        SessionID    `json:"id"`
	Name      string       `json:"name"`
	AppID     string       `json:"appId"`
	Owner     string       `json:"owner"`
	ProxyUser string       `json:"proxyUser"`
	Kind      Kind         `json:"kind"`
	State     SessionState `json:"state"` // on Fabric made of several, see UnmarshalJSON
	AppInfo   AppInfo      `json:"appInfo"`
	Log       []string     `json:"log"`
	// Heartbeat is after what silence of all clients the server ends the session;
	// 0 for never.
	Heartbeat Seconds `json:"heartbeatTimeoutInSecond"`

	// The fields from here on are Fabric's.

	Tags       Tags        `json:"tags"`
	Errors     []ErrorInfo `json:"errorInfo"`
	Submitter  string      `json:"submitterName"`
	Phase      string      `json:"-"` // what a session that starts is at, in words
	Terminated string      `json:"-"` // what else the server says of the end, see Reasons
}

// ErrorInfo is an entry of errorInfo.
type ErrorInfo struct {
	Message   string `json:"message"`
	ErrorCode string `json:"errorCode"`
	Source    string `json:"source"` // System, User, Unknown or Dependency
}

// AppInfo holds the links of an application, such as sparkUiUrl and
// driverLogUrl. They are a server's text: show them, do not follow them.
type AppInfo map[string]string

// UnmarshalJSON tolerates null and other than text among the values.
func (i *AppInfo) UnmarshalJSON(b []byte) error {
	*i = texts(b)
	return nil
}

// Seconds is a duration that the API gives in whole seconds.
type Seconds int

// UnmarshalJSON tolerates null and anything else that is no whole number, as 0.
func (s *Seconds) UnmarshalJSON(b []byte) error {
	var n int
	if json.Unmarshal(b, &n) == nil && n > 0 {
		*s = Seconds(n)
	}
	return nil
}

// Duration returns s as a duration.
func (s Seconds) Duration() time.Duration { return time.Duration(s) * time.Second }

// Tags are words about a session.
type Tags map[string]string

// UnmarshalJSON tolerates null and other than text among the values.
func (t *Tags) UnmarshalJSON(b []byte) error {
	*t = texts(b)
	return nil
}

// texts returns the texts of an object, nil for what is none: they are a
// nicety, and a session without them is a session.
func texts(b []byte) map[string]string {
	var values map[string]json.RawMessage
	if json.Unmarshal(b, &values) != nil || values == nil {
		return nil
	}
	found := map[string]string{}
	for key, raw := range values {
		var text string
		if json.Unmarshal(raw, &text) == nil && text != "" {
			found[key] = text
		}
	}
	return found
}

// FallbackReasons returns why a session was not taken from Fabric's starter
// pool, in its own words, such as UserSparkConfigMismatch. Starting it takes
// minutes then.
func (s Session) FallbackReasons() []string {
	for key, text := range s.Tags {
		if !strings.EqualFold(key, "FallbackReasons") {
			continue
		}
		var reasons []string
		if json.Unmarshal([]byte(text), &reasons) != nil {
			reasons = strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;|", r) })
		}
		var said []string
		for _, reason := range reasons {
			if reason = clean(reason); reason != "" {
				said = append(said, reason)
			}
		}
		return said
	}
	return nil
}

// Reasons returns what the server says of why a session failed or ended.
func (s Session) Reasons() []string {
	var said []string
	for _, e := range s.Errors {
		text := clean(cmp.Or(e.Message, "no message"))
		if e.ErrorCode != "" {
			text = clean(e.ErrorCode) + ": " + text
		}
		said = append(said, text)
	}
	if s.Terminated != "" {
		said = append(said, s.Terminated)
	}
	return said
}

// spaced turns a name such as libraryPackaging into words.
func spaced(name string) string {
	var words strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			words.WriteByte(' ')
		}
		words.WriteRune(unicode.ToLower(r))
	}
	return clean(words.String())
}
