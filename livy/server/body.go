// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/livy-kernel/livy-kernel/livy"
)

// maxBody bounds a request's body in bytes, as Apache Livy's RPC to its
// driver does by default.
const maxBody = 50 << 20

// fields names the properties of a request's body. Unlike encoding/json the
// API minds their case and refuses unknown ones.
type fields []string

// The bodies of the API, in the order of Apache Livy's own messages.
var (
	createFields = fields{
		"executorCores", "conf", "driverMemory", "name", "driverCores", "idleTimeout", "pyFiles", "archives", "kind",
		"files", "jars", "proxyUser", "numExecutors", "queue", "heartbeatTimeoutInSecond", "ttl", "executorMemory",
	}
	statementFields  = fields{"code", "kind"}
	completionFields = fields{"code", "kind", "cursor"}
)

// createBody is the body of POST /sessions.
type createBody struct {
	livy.CreateSessionRequest
	Name *string           `json:"name"` // An empty name is an error, none is not.
	Conf map[string]scalar `json:"conf"`
}

type statementBody struct {
	Code *string    `json:"code"`
	Kind *livy.Kind `json:"kind"`
}

type completionBody struct {
	Code   string     `json:"code"`
	Kind   *livy.Kind `json:"kind"`
	Cursor int        `json:"cursor"`
}

// scalar is a string that may be written as a JSON number or boolean.
type scalar string

// UnmarshalJSON implements json.Unmarshaler.
func (s *scalar) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		return json.Unmarshal(b, (*string)(s))
	case '{', '[', 'n':
		return fmt.Errorf("expected a string, got %.20s", b)
	}
	*s = scalar(b)
	return nil
}

// readBody decodes the body of r, whatever its content type, into the struct
// into. When it cannot, it answers and returns false.
func readBody[T any](w http.ResponseWriter, r *http.Request, known fields, into *T) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		writeMsg(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("The body is larger than %d bytes.", tooLarge.Limit))
		return false
	case err != nil:
		writeText(w, http.StatusBadRequest, "The body could not be read.")
		return false
	}
	if err := known.decode(body, into); err != nil {
		writeText(w, http.StatusBadRequest, err.Error())
		return false
	}
	return true
}

// decode unmarshals body, a JSON object whose properties are all in known.
func (known fields) decode(body []byte, into any) error {
	if len(strings.TrimSpace(string(body))) == 0 {
		return errors.New("No content to map due to end-of-input") //nolint:staticcheck // The real server's words.
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil {
		return fmt.Errorf("Cannot deserialize the body: %w", err) //nolint:staticcheck // As above.
	}
	if object == nil {
		return errors.New("Cannot deserialize the body: null") //nolint:staticcheck // As above.
	}
	for name := range object {
		if !slices.Contains(known, name) {
			return fmt.Errorf("Unrecognized field %q, not marked as ignorable (%d known properties: \"%s\")", //nolint:staticcheck // As above.
				name, len(known), strings.Join(known, "\", \""))
		}
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("Cannot deserialize the body: %w", err) //nolint:staticcheck // As above.
	}
	return nil
}
