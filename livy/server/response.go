// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

const contentType = "application/json;charset=utf-8"

// writeJSON answers with v as JSON. Only an output of a driver that is not
// JSON can make that fail.
func writeJSON[T any](w http.ResponseWriter, status int, v T) { writeParts(w, status, v, nil) }

// writeStatement answers with a statement, whose output may be megabytes of
// text.
func writeStatement(w http.ResponseWriter, status int, v statementView) {
	v, aside := setAside(v)
	writeParts(w, status, v, aside)
}

// writeParts answers with v as JSON, in which marks stand for what was set
// aside.
func writeParts[T any](w http.ResponseWriter, status int, v T, aside map[string]json.RawMessage) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false) // Outputs go to programs, and grow by it.
	if err := enc.Encode(v); err != nil {
		buf.Reset()
		status = http.StatusInternalServerError
		buf.WriteString(`"The answer cannot be written as JSON."`)
		aside = nil
	}
	parts, length := putBack(bytes.TrimSuffix(buf.Bytes(), []byte("\n")), aside), 0
	for _, part := range parts {
		length += len(part)
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(length))
	w.WriteHeader(status)
	for _, part := range parts {
		_, _ = w.Write(part) // The client is gone, or was answered.
	}
}

// msg is the first of Apache Livy's four error shapes, and its plain answer.
type msg struct {
	Msg string `json:"msg"`
}

func writeMsg(w http.ResponseWriter, status int, text string) { writeJSON(w, status, msg{text}) }

// writeText answers with the second error shape, a bare JSON string.
func writeText(w http.ResponseWriter, status int, text string) { writeJSON(w, status, text) }

// writeEmpty answers with the fourth error shape: no body at all.
func writeEmpty(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(status)
}
