// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// FabricError is an answer in the form of Fabric's errors.
type FabricError struct {
	Status  int
	Code    string // errorCode
	Message string
	Header  http.Header // beside the content type, such as Retry-After
}

func (e *FabricError) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Message) }

// Fault answers with e in place of the server, which does not see the request.
func (e *FabricError) Fault() Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { e.write(w) }
}

// ThrottledUntil is Fabric's 429 that tells the end, such as "11/23/2026 8:29:01
// PM", in its message alone.
func ThrottledUntil(text string) Fault {
	e := FabricError{Status: http.StatusTooManyRequests, Code: "RequestBlocked", Message: "Request is blocked by the upstream service until: " + text + " (UTC)"}
	return e.Fault()
}

// NoCapacity is Fabric's answer where the compute of the capacity is in use.
func NoCapacity() Fault {
	e := FabricError{Status: 430, Code: "TooManyRequestsForCapacity",
		Message: "This spark job can't be run because you have hit a spark compute or API rate limit."}
	return e.Fault()
}

// TokenExpired is Fabric's answer to a token whose time is over.
func TokenExpired() Fault { return tokenError("TokenExpired", "Access token has expired").Fault() }

func tokenError(code, message string) *FabricError {
	return &FabricError{Status: http.StatusUnauthorized, Code: code, Message: message,
		Header: http.Header{"Www-Authenticate": {`Bearer authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"`}}}
}

func fabricNotFound(code, message string) *FabricError {
	return &FabricError{Status: http.StatusNotFound, Code: code, Message: message}
}

func fabricBadRequest(message string) *FabricError {
	return &FabricError{Status: http.StatusBadRequest, Code: "InvalidInput", Message: message}
}

// errorResponse is the ErrorResponse of the schema.
type errorResponse struct {
	ErrorCode       string          `json:"errorCode"`
	Message         string          `json:"message"`
	RelatedResource *struct{}       `json:"relatedResource"`
	RequestID       string          `json:"requestId"`
	MoreDetails     []errorResponse `json:"moreDetails"`
}

func (e *FabricError) write(w http.ResponseWriter) {
	for name, values := range e.Header {
		w.Header()[name] = values
	}
	writeFabric(w, e.Status, errorResponse{ErrorCode: e.Code, Message: e.Message, RequestID: uuid.NewString(), MoreDetails: []errorResponse{}})
}

// writeFabric answers with v.
func writeFabric[T any](w http.ResponseWriter, status int, v T) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v) // The client may have gone.
}

// checkToken asks for a bearer token that f takes.
func (f *Fabric) checkToken(r *http.Request) *FabricError {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || token == "" {
		return tokenError("InvalidToken", "The access token is missing")
	}
	if f.Token == nil {
		return nil
	}
	err := f.Token(token)
	var refusal *FabricError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal):
		return refusal
	}
	return tokenError("InvalidToken", err.Error())
}

// readFabric reads the body of r, an object with fields of T alone.
func readFabric[T any](r *http.Request, into *T) *FabricError {
	decoder := json.NewDecoder(io.LimitReader(r.Body, 16<<20))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fabricBadRequest("The request is not valid: " + err.Error())
	}
	return nil
}
