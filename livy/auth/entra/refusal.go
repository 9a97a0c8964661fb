// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// answer is the body of a refusal (RFC 6749, 5.2, and Entra's additions).
type answer struct {
	Error         string `json:"error"`
	SubError      string `json:"suberror"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	CorrelationID string `json:"correlation_id"`
}

var (
	codePattern        = lazyregexp.New(`AADSTS([0-9]{4,9})\b`)
	oauthPattern       = lazyregexp.New(`^[a-z_]{1,40}$`)
	correlationPattern = lazyregexp.New(`(?i)Correlation ID: *([0-9a-f-]{36})`)
)

// refused reads the refusal in the text of MSAL's error, which ends with the
// body of the answer.
func (s *Source) refused(text string, status int) error {
	a := parseAnswer(text)
	if a.Error == "" && len(a.Codes) == 0 {
		return &auth.SignInError{Meaning: fmt.Sprintf("the sign-in service at %s answered %d and no reason", s.client.authority.Host, status)}
	}
	return s.describe(a)
}

func parseAnswer(text string) answer {
	var a answer
	if i := strings.IndexByte(text, '{'); i >= 0 {
		if json.NewDecoder(strings.NewReader(text[i:])).Decode(&a) != nil {
			return answer{}
		}
	}
	return a
}

// describe words a refusal.
func (s *Source) describe(a answer) error {
	r := &refusal{SignInError: &auth.SignInError{}}
	if oauthPattern.MatchString(a.Error) {
		r.oauth = a.Error
	}
	if found := codePattern.Get().FindStringSubmatch(a.Description); found != nil {
		r.Code = "AADSTS" + found[1]
	} else if len(a.Codes) > 0 {
		r.Code = "AADSTS" + strconv.Itoa(a.Codes[0])
	}
	if guidPattern.MatchString(a.CorrelationID) {
		r.CorrelationID = a.CorrelationID
	} else if found := correlationPattern.Get().FindStringSubmatch(a.Description); found != nil && guidPattern.MatchString(found[1]) {
		r.CorrelationID = found[1]
	}
	r.Meaning = meaning(r.Code, r.oauth)
	if r.Code == "" {
		r.Code = r.oauth
	}
	if consent(r.Code) || a.SubError == "consent_required" || r.oauth == "invalid_scope" {
		if r.Scopes = s.named(a.Description); len(r.Scopes) > 0 {
			r.Meaning += "; missing: " + list(r.Scopes)
		} else {
			r.Meaning += "; asked for were " + list(s.o.Scopes)
		}
	}
	return r
}

// named returns the scopes that text names, of those that were asked for.
func (s *Source) named(text string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,;'\"()[]\r\n\t", r) })
	var found []string
	for _, scope := range s.o.Scopes {
		if slices.ContainsFunc(words, func(word string) bool {
			word = strings.TrimRight(word, ".:")
			return strings.EqualFold(word, scope) || strings.EqualFold(word, short(scope))
		}) {
			found = append(found, scope)
		}
	}
	return found
}

func list(scopes []string) string {
	names := make([]string, len(scopes))
	for i, scope := range scopes {
		names[i] = short(scope)
	}
	return strings.Join(names, ", ")
}
