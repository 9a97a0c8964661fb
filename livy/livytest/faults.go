// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
)

// Fault serves one request in a faulty way. next is the Livy server.
type Fault func(w http.ResponseWriter, r *http.Request, next http.Handler)

// Inject makes the next requests that match pattern meet faults, one each and
// in this order; the requests after them are served as usual. A pattern is a
// method and a path in which * stands for one segment, such as
// "POST /sessions/*/statements".
func (s *Server) Inject(pattern string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[pattern] = append(s.faults[pattern], faults...)
}

// Heal takes back the faults that no request has met yet.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.faults)
}

// faulty serves a request by its fault, if there is one.
func (s *Server) faulty(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault := s.takeFault(r)
		if fault == nil {
			next.ServeHTTP(w, r)
			return
		}
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		go func() {
			select {
			case <-s.closing:
				cancel()
			case <-ctx.Done():
			}
		}()
		fault(w, r.WithContext(ctx), next)
	})
}

func (s *Server) takeFault(r *http.Request) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for pattern, faults := range s.faults {
		if len(faults) > 0 && matches(pattern, r.Method, s.relative(r.URL.Path)) {
			s.faults[pattern] = faults[1:]
			return faults[0]
		}
	}
	return nil
}

// matches reports whether pattern names requests of method to a path.
func matches(pattern, method, urlPath string) bool {
	ok, err := path.Match(pattern, method+" "+urlPath)
	return err == nil && ok
}

// Delay holds the request back until release is closed or sends; then the
// server gets it. A client that gives up before is never served.
func Delay(release <-chan struct{}) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		select {
		case <-release:
			next.ServeHTTP(w, r)
		case <-r.Context().Done():
			reset(w)
		}
	}
}

// DelayAnswer lets the server take the request and holds its answer back
// until release is closed or sends.
func DelayAnswer(release <-chan struct{}) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := serve(r, next)
		select {
		case <-release:
			send(w, answer, len(answer.Body.Bytes()))
		case <-r.Context().Done():
			reset(w)
		}
	}
}

// ResetBefore resets the connection when the request is there and the server
// has not taken it. See [Server.ResetConnections] for one that resets before
// the client can write.
func ResetBefore() Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { reset(w) }
}

// ResetAfterAcceptance lets the server take the request and resets the
// connection in place of the answer.
func ResetAfterAcceptance() Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		serve(r, next)
		reset(w)
	}
}

// CutAnswer lets the server take the request, sends the head of the answer
// and n bytes of its body, and closes the connection.
func CutAnswer(n int) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := serve(r, next)
		send(w, answer, min(n, answer.Body.Len()))
		hangUp(w, false)
	}
}

// TruncateJSON lets the server take the request and sends n bytes of the
// answer's body as if that were all.
func TruncateJSON(n int) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := serve(r, next)
		answer.Body.Truncate(min(n, answer.Body.Len()))
		answer.Header().Set("Content-Length", strconv.Itoa(answer.Body.Len()))
		send(w, answer, answer.Body.Len())
	}
}

// Status answers with status and body in place of the server, which does not
// see the request.
func Status(status int, body string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // The client may have gone.
	}
}

// RetryAfter is Status with a Retry-After header of value.
func RetryAfter(status int, value string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Retry-After", value)
		w.WriteHeader(status)
	}
}

// StatusAfterAcceptance lets the server take the request and answers with
// status, as a gateway does that lost patience.
func StatusAfterAcceptance(status int) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		serve(r, next)
		w.WriteHeader(status)
	}
}

// serve lets next answer r into a recorder.
func serve(r *http.Request, next http.Handler) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	next.ServeHTTP(answer, r)
	return answer
}

// send writes the head of answer and n bytes of its body.
func send(w http.ResponseWriter, answer *httptest.ResponseRecorder, n int) {
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = io.Copy(w, bytes.NewReader(answer.Body.Bytes()[:n])) // The client may have gone.
	_ = http.NewResponseController(w).Flush()
}
