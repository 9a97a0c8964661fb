// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMessage bounds what of an error body is kept, in bytes.
const maxMessage = 512

// apiError reads the error out of an answer. A redirect is one too: following
// it would take the credentials and the code to another place.
func apiError(op string, resp *http.Response, body []byte) error {
	e := &APIError{Op: op, StatusCode: resp.StatusCode}
	if location := resp.Header.Get("Location"); location != "" && resp.StatusCode >= 300 && resp.StatusCode <= 399 {
		e.Message = "a redirect, which is not followed"
		if to, err := url.Parse(location); err == nil && to.Host != "" {
			e.Message = clean(fmt.Sprintf("a redirect to %s://%s, which is not followed", to.Scheme, to.Host))
		}
		return e
	}
	e.Message = errorMessage(body)
	return e
}

// errorBody holds the fields that the known servers put their message in:
// "msg" Apache Livy, "message" Fabric and Synapse.
type errorBody struct {
	Msg     string `json:"msg"`
	Message string `json:"message"`
	Error   string `json:"error"`
}

// errorMessage reads the four shapes of Apache Livy's error bodies: an object
// with msg, a bare JSON string, an HTML page, nothing.
func errorMessage(body []byte) string {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return ""
	}
	var text string
	if json.Unmarshal(body, &text) == nil {
		text, _, _ = strings.Cut(text, "\n\tat ") // the frames of a Java stack trace
		return clean(text)
	}
	var object errorBody
	if json.Unmarshal(body, &object) == nil {
		for _, text := range []string{object.Msg, object.Message, object.Error} {
			if text != "" {
				return clean(text)
			}
		}
		return ""
	}
	return clean(htmlText(string(body[:min(len(body), 64<<10)])))
}

var (
	htmlInvisible = regexp.MustCompile(`(?is)<(head|style|script)\b.*?</(head|style|script)>|<!--.*?-->`)
	htmlTag       = regexp.MustCompile(`<[^<>]*>`)
)

// htmlText drops the markup of an error page, also of one that was cut off.
func htmlText(page string) string {
	text := htmlTag.ReplaceAllString(htmlInvisible.ReplaceAllString(page, " "), " ")
	return strings.NewReplacer("<", " ", ">", " ").Replace(html.UnescapeString(text))
}

// clean returns text on one line, bounded, without control characters and
// those that change the direction of the text.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsControl(r), r == utf8.RuneError:
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= maxMessage {
		return text
	}
	cut := maxMessage
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
