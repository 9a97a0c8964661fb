// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Dialect names a variety of the Livy REST API. The zero value is Apache
// Livy's.
type Dialect string

// The dialects that a Client speaks.
const (
	DialectApache Dialect = "apache"
	DialectFabric Dialect = "fabric" // of Microsoft Fabric, version 2023-12-01
)

// traits are what dialects differ in, where taking every known answer for good
// is not enough.
type traits struct {
	hosts          []string      // that serve it, and every host below them
	sessionFields  []string      // of the body of POST /sessions
	keepAlive      string        // last part of the path of the POST that counts as activity
	sourceID       bool          // statements carry the id that the client gave them
	completion     bool          // POST …/completion
	log            bool          // GET …/log
	names          bool          // a session's name may stand for its id in paths
	tellsEnd       bool          // questions about statements are answered with the end of their session
	paged          bool          // lists come in pages, by $top and $skip
	waiting        polling       // for statements
	starting       polling       // for sessions that start
	settling       time.Duration // for how long a statement that was taken may be unknown
	callsPerMinute int           // that one identity may make; 0 for no limit
}

// dialects holds the traits of each dialect.
var dialects = map[Dialect]traits{
	DialectApache: {
		sessionFields: []string{
			"archives", "conf", "driverCores", "driverMemory", "executorCores", "executorMemory", "files", "heartbeatTimeoutInSecond",
			"idleTimeout", "jars", "kind", "name", "numExecutors", "proxyUser", "pyFiles", "queue", "ttl",
		},
		keepAlive:  "connect",
		completion: true, log: true, names: true, tellsEnd: true,
		waiting: nearPolling, starting: startPolling,
		settling: 5 * time.Second,
	},
	DialectFabric: {
		hosts: []string{"api.fabric.microsoft.com"},
		sessionFields: []string{
			"archives", "conf", "driverCores", "driverMemory", "executorCores", "executorMemory", "name", "numExecutors", "tags",
		},
		keepAlive: "reset-timeout",
		sourceID:  true, paged: true,
		waiting: quotaPolling, starting: quotaStartPolling,
		settling:       time.Minute,
		callsPerMinute: 200,
	},
}

// DialectOf returns the dialect that is spoken at an endpoint, by its host:
// Apache Livy's at a host that is not known.
func DialectOf(endpoint string) Dialect {
	u, err := url.Parse(strings.TrimSpace(endpoint))
	if err != nil {
		return DialectApache
	}
	host := strings.ToLower(u.Hostname())
	for dialect, t := range dialects {
		for _, known := range t.hosts {
			if host == known || strings.HasSuffix(host, "."+known) {
				return dialect
			}
		}
	}
	return DialectApache
}

// Dialects returns the names of all dialects.
func Dialects() []Dialect { return slices.Sorted(maps.Keys(dialects)) }

func (d Dialect) traits() traits {
	if d == "" {
		d = DialectApache
	}
	return dialects[d]
}

// HasHeartbeat reports whether a session can be made to end by itself when
// nobody asks for it, by heartbeatTimeoutInSecond.
func (d Dialect) HasHeartbeat() bool {
	return slices.Contains(d.traits().sessionFields, "heartbeatTimeoutInSecond")
}

// HasTags reports whether a session can be given tags, which lists show.
func (d Dialect) HasTags() bool { return slices.Contains(d.traits().sessionFields, "tags") }

// HasNames reports whether a session's name may stand for its id in paths.
func (d Dialect) HasNames() bool { return d.traits().names }

// CallsPerMinute is how many requests one identity may make, 0 for no limit.
func (d Dialect) CallsPerMinute() int { return d.traits().callsPerMinute }

// SessionFields returns the fields that the body of POST /sessions may have.
func (d Dialect) SessionFields() []string { return slices.Clone(d.traits().sessionFields) }

// FieldError tells that a body has fields that its dialect does not know.
type FieldError struct {
	Dialect Dialect
	Fields  []string // in alphabetical order
}

func (e *FieldError) Error() string {
	return fmt.Sprintf("the dialect %s has no %s in the body of a session; it knows %s",
		e.Dialect, strings.Join(e.Fields, ", "), strings.Join(e.Dialect.traits().sessionFields, ", "))
}

// Check returns a *FieldError where the body has fields that the dialect does
// not know.
func (d Dialect) Check(body CreateSessionRequest) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(encoded, &fields); err != nil {
		return err
	}
	known := d.traits().sessionFields
	maps.DeleteFunc(fields, func(name string, _ json.RawMessage) bool { return slices.Contains(known, name) })
	if len(fields) > 0 {
		return &FieldError{Dialect: d, Fields: slices.Sorted(maps.Keys(fields))}
	}
	return nil
}
