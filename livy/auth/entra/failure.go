// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"

	msal "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// refusal is an *auth.SignInError with OAuth's own name for it.
type refusal struct {
	*auth.SignInError
	oauth string
}

func (r *refusal) Unwrap() error { return r.SignInError }

// interactive reports whether a person could turn it into a sign-in.
func (r *refusal) interactive() bool {
	return slices.Contains([]string{"invalid_grant", "interaction_required", "login_required", "consent_required"}, r.oauth)
}

// declined is how MSAL's error begins about scopes that were not granted.
const declined = "token response failed because declined scopes are present: "

// failed turns an error of MSAL into one that can be shown. MSAL's own quote
// requests and answers, tokens among them, so nothing of their text is used but
// codes and the names of scopes that were asked for.
func (s *Source) failed(ctx context.Context, err error) error {
	var (
		unreachable *auth.UnreachableError
		signIn      *auth.SignInError
		option      *OptionError
		call        msal.CallErr
		odd         msal.InvalidJsonErr
	)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &unreachable):
		return unreachable
	case errors.As(err, &option):
		return option
	case errors.As(err, &signIn):
		return signIn
	case errors.As(err, &call):
		return s.refused(call.Err.Error(), call.Resp.StatusCode)
	case errors.As(err, &odd):
		return &auth.SignInError{Meaning: "the sign-in service at " + s.client.authority.Host + " gave an answer that makes no sense"}
	}
	text := html.UnescapeString(err.Error())
	if scopes, ok := strings.CutPrefix(text, declined); ok {
		lacks := s.named(scopes)
		return &auth.SignInError{Meaning: "these permissions were not granted: " + list(lacks) + "; an administrator can, or ask for less with --scope", Scopes: lacks}
	}
	switch {
	case codePattern.MatchString(text):
		return s.describe(answer{Description: text})
	case strings.Contains(text, "resolve an endpoint"), strings.Contains(text, "authority"):
		return &auth.SignInError{Meaning: fmt.Sprintf("%s is no sign-in service for tenant %s; check authority and tenant of the profile", s.o.Authority, s.o.Tenant)}
	}
	s.o.Logger.Warn("sign-in failed for a reason without a name", "type", fmt.Sprintf("%T", err))
	return &auth.SignInError{Meaning: "the sign-in service at " + s.client.authority.Host + " was not understood"}
}

// answer is the body of a refusal (RFC 6749, 5.2, and Entra's additions).
type answer struct {
	Error         string `json:"error"`
	SubError      string `json:"suberror"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	CorrelationID string `json:"correlation_id"`
}

var (
	codePattern        = regexp.MustCompile(`AADSTS([0-9]{4,9})\b`)
	oauthPattern       = regexp.MustCompile(`^[a-z_]{1,40}$`)
	correlationPattern = regexp.MustCompile(`(?i)Correlation ID: *([0-9a-f-]{36})`)
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
	if found := codePattern.FindStringSubmatch(a.Description); found != nil {
		r.Code = "AADSTS" + found[1]
	} else if len(a.Codes) > 0 {
		r.Code = "AADSTS" + strconv.Itoa(a.Codes[0])
	}
	if guidPattern.MatchString(a.CorrelationID) {
		r.CorrelationID = a.CorrelationID
	} else if found := correlationPattern.FindStringSubmatch(a.Description); found != nil && guidPattern.MatchString(found[1]) {
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
