// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"context"
	"crypto/subtle"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/server"
)

// Server is a Livy server on a free port of the loopback interface.
type Server struct {
	// URL is the server's address without a path.
	URL string

	livy     *server.Server
	http     *httptest.Server
	listener *resetListener
	closing  chan struct{} // Closed by Close; ends every held request.
	shutDown func() error
	useTLS   bool
	user     string
	password string
	options  []server.Option
	fabric   *Fabric // nil for Apache Livy
	latency  time.Duration
	quota    *quota // nil for none
	inMemory bool
	memory   *server.Transport // in place of http and listener, where inMemory

	mu       sync.Mutex
	faults   map[string][]Fault // By pattern; the first is next.
	requests []*Request
}

// Option changes a Server.
type Option func(*Server)

// WithTLS makes the server speak HTTPS with a certificate of its own, see
// [Server.Certificate].
func WithTLS() Option { return func(s *Server) { s.useTLS = true } }

// WithBasicAuth makes the server refuse requests without these credentials.
func WithBasicAuth(user, password string) Option {
	return func(s *Server) { s.user, s.password = user, password }
}

// WithServerOptions passes options on to the Livy server.
func WithServerOptions(opts ...server.Option) Option {
	return func(s *Server) { s.options = append(s.options, opts...) }
}

// NewServer starts a server on engine, in the dialect of Apache Livy if no
// option says otherwise. Close it when done.
func NewServer(engine server.Engine, opts ...Option) *Server {
	s := &Server{closing: make(chan struct{}), faults: map[string][]Fault{}}
	for _, o := range opts {
		o(s)
	}
	s.shutDown = sync.OnceValue(func() error {
		close(s.closing)
		if s.memory != nil {
			return errors.Join(s.memory.Close(), s.livy.Close(context.Background()))
		}
		s.http.CloseClientConnections()
		s.http.Close()
		return s.livy.Close(context.Background())
	})
	var handler http.Handler
	if s.fabric == nil {
		s.livy = server.New(engine, append([]server.Option{server.WithHold(false)}, s.options...)...)
		handler = s.livy
	} else {
		// Fabric answers a submission before the statement has run.
		s.livy = server.New(engine, append([]server.Option{server.WithFastAnswer(0)}, s.options...)...)
		handler = newFabricFront(s.fabric, s.livy)
	}
	handler = s.distant(s.recorded(s.authorized(s.limited(s.faulty(handler)))))
	if s.inMemory {
		s.listenInMemory(handler)
		return s
	}
	s.http = httptest.NewUnstartedServer(handler)
	s.listener = &resetListener{Listener: s.http.Listener}
	s.http.Listener = s.listener
	if s.useTLS {
		s.http.StartTLS()
	} else {
		s.http.Start()
	}
	s.URL = s.http.URL
	return s
}

// Endpoint is the URL to give to a client: on Fabric, with the path of the
// lakehouse.
func (s *Server) Endpoint() string {
	if s.fabric == nil {
		return s.URL
	}
	return s.URL + s.fabric.path()
}

// relative returns the path of a request without that of the endpoint.
func (s *Server) relative(path string) string {
	if s.fabric != nil {
		if rest, ok := s.fabric.relative(path); ok {
			return rest
		}
	}
	return path
}

// Close lets go of every held request, ends the sessions and stops the
// server.
func (s *Server) Close() error {
	return s.shutDown()
}

// Certificate is the certificate to trust, nil without TLS.
func (s *Server) Certificate() *x509.Certificate { return s.http.Certificate() }

// Client returns an HTTP client that trusts the server and gives no
// credentials.
func (s *Server) Client() *http.Client { return s.http.Client() }

// authorized asks for the credentials, where there are any.
func (s *Server) authorized(next http.Handler) http.Handler {
	if s.fabric != nil {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if refusal := s.fabric.checkToken(r); refusal != nil {
				refusal.write(w)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	if s.user == "" && s.password == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		if subtle.ConstantTimeCompare([]byte(user), []byte(s.user))&subtle.ConstantTimeCompare([]byte(password), []byte(s.password)) != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="livytest"`)
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}
