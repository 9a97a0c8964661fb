// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"encoding/json"
	"strings"

	"github.com/livy-kernel/livy-kernel/kernel"
)

// Rows returns the table of rows that come with their schema in the form of a
// SQL result. Unlike Livy's own, it tells whether there are more.
func Rows(raw json.RawMessage) (Table, bool) {
	t, ok := sqlResult(raw)
	t.Note = ""
	return t, ok
}

// Whole returns data with its text/plain fit to be shown, and with a stand-in
// for it where there is none: every client can show that. What is no text
// becomes one, but for the types of JSON: a notebook could not be saved.
func Whole(data kernel.MIMEBundle) kernel.MIMEBundle {
	for mime, raw := range data {
		if _, ok := textOf(raw); !ok && mime != mimeJSON && !strings.HasSuffix(mime, "+json") {
			data[mime] = jsonString(string(raw))
		}
	}
	if raw, ok := data[mimeText]; ok {
		data[mimeText] = jsonString(Stream(plainText(raw)))
	} else {
		data[mimeText] = jsonString(standIn(data))
	}
	return data
}
