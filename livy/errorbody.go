// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

// maxMessage bounds what of an error body is kept, in bytes.
const maxMessage = 512

// apiError reads the error out of an answer. A redirect is one too: following
// it would take the credentials and the code to another place.
func apiError(r request, resp *http.Response, body []byte) error {
	e := &APIError{Op: r.op, StatusCode: resp.StatusCode}
	if location := resp.Header.Get("Location"); location != "" && resp.StatusCode >= 300 && resp.StatusCode <= 399 {
		e.Message = "a redirect, which is not followed"
		if to, err := url.Parse(location); err == nil && to.Host != "" {
			e.Message = clean(fmt.Sprintf("a redirect to %s://%s, which is not followed", to.Scheme, to.Host))
		}
		return e
	}
	e.read(body, r.secrets)
	e.again = readHint(resp.Header, e.Message, time.Now())
	return e
}

// errorBody holds the fields of every error object that is known: "msg" of
// Apache Livy, errorCode, message and the others of Fabric, and Azure's way of
// putting code and message into "error".
type errorBody struct {
	Msg         string          `json:"msg"`
	Message     string          `json:"message"`
	ErrorCode   string          `json:"errorCode"`
	Code        string          `json:"code"`
	RequestID   string          `json:"requestId"`
	MoreDetails []errorBody     `json:"moreDetails"`
	Error       json.RawMessage `json:"error"` // an errorBody, or a text
}

// read fills e from an error's body: an object as above, or one of the other
// shapes of Apache Livy, a bare JSON string, an HTML page, nothing. secrets
// are left out of it.
func (e *APIError) read(body []byte, secrets []string) {
	body = bytes.TrimSpace(body)
	var text string
	var object errorBody
	switch {
	case len(body) == 0:
	case json.Unmarshal(body, &text) == nil:
		text, _, _ = strings.Cut(text, "\n\tat ") // the frames of a Java stack trace
		e.Message = clean(without(text, secrets))
	case json.Unmarshal(body, &object) == nil:
		object.tell(e, secrets)
	case json.Valid(body): // of an unknown shape
	default:
		e.Message = clean(without(htmlText(string(body[:min(len(body), 64<<10)])), secrets))
	}
}

func (b errorBody) tell(e *APIError, secrets []string) {
	var inner errorBody
	var text string
	if json.Unmarshal(b.Error, &inner) != nil {
		_ = json.Unmarshal(b.Error, &text) // else there is none
	}
	said := []string{cmp.Or(b.Msg, b.Message, inner.Message, text)}
	for _, more := range b.MoreDetails {
		said = append(said, more.Message)
	}
	said = slices.DeleteFunc(said, func(s string) bool { return s == "" })
	e.Message = clean(without(strings.Join(said, "; "), secrets))
	e.Code = word(without(cmp.Or(b.ErrorCode, b.Code, inner.ErrorCode, inner.Code), secrets))
	e.RequestID = word(without(cmp.Or(b.RequestID, inner.RequestID), secrets))
}

// wordPattern matches what names of errors and of requests are made of.
var wordPattern = lazyregexp.New(`^[A-Za-z0-9._-]{1,100}$`)

// word returns s where it is one, else "".
func word(s string) string {
	if wordPattern.MatchString(s) {
		return s
	}
	return ""
}

var (
	htmlInvisible = lazyregexp.New(`(?is)<(head|style|script)\b.*?</(head|style|script)>|<!--.*?-->`)
	htmlTag       = lazyregexp.New(`<[^<>]*>`)
)

// htmlText drops the markup of an error page, also of one that was cut off.
func htmlText(page string) string {
	text := htmlTag.Get().ReplaceAllString(htmlInvisible.Get().ReplaceAllString(page, " "), " ")
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
