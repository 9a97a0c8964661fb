// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// Endpoints that are not a URL.
const (
	// EndpointLocal is the endpoint of the embedded default: Spark on this
	// machine, served inside the kernel's own process.
	EndpointLocal = "local"
	// EndpointEnv has everything that a profile says of its server taken from
	// the environment, see Environment.Resolve.
	EndpointEnv = "env"
)

// Ways to authenticate.
const (
	AuthAuto   = "auto"   // entra for Fabric, basic where there is a user name, else none
	AuthNone   = "none"   // the server asks for nothing
	AuthBasic  = "basic"  // user name and password
	AuthBearer = "bearer" // a ready token, from the environment
	AuthEntra  = "entra"  // a sign-in to Microsoft Entra
)

// Profile is one [profiles.NAME] table of the configuration file.
type Profile struct {
	// Name stands in the table's heading, and in the names of the kernelspecs.
	Name string `toml:"-"`
	// Endpoint is the base URL of the Livy server, with or without /sessions; or
	// "local" for Spark on this machine, or "env" for a profile that takes all
	// that it says of its server from the environment.
	Endpoint string `toml:"endpoint"`
	// Dialect is the variety of the REST API: "auto" (the default: by the host
	// of the endpoint), "apache" or "fabric".
	Dialect string `toml:"dialect,omitempty"`
	// Auth is the way to authenticate: "auto" (the default: entra for Fabric,
	// basic where there is a user name, else none), "none", "basic", "bearer"
	// (a ready token, from the environment) or "entra".
	Auth string `toml:"auth,omitempty"`
	// Username is the user's name, for basic.
	Username string `toml:"username,omitempty"`
	// CAFile is a PEM bundle that is trusted beside the system's roots;
	// absolute.
	CAFile string `toml:"ca_file,omitempty"`
	// Proxy is the URL of the proxy for https and http, or "env" for the one
	// that the environment names. Without it there is none: what the environment
	// says at install is written here.
	Proxy string `toml:"proxy,omitempty"`
	Entra
	// Session is the body of POST /sessions.
	Session livy.CreateSessionRequest `toml:"-"` // read by way of sessionTable
	Kernel  Kernel                    `toml:"kernel,omitempty"`
	Spark   Spark                     `toml:"spark,omitempty"`
}

// Kernel holds the settings of our own kernel process.
type Kernel struct {
	// Start is "first-cell" (the default: the session starts with the first
	// cell) or "kernel" (with the kernel).
	Start string `toml:"start,omitempty"`
	// OnShutdown is what becomes of the session when the kernel ends: "delete"
	// (the default), or "keep" for the next kernel of the notebook.
	OnShutdown string `toml:"on_shutdown,omitempty"`
	// Share is the name of a session that notebooks which say the same name use
	// together; the last one to end gives it up.
	Share string `toml:"share,omitempty"`
	// KeepAlive is for how long after the last cell the server is asked to
	// keep an idle session: a duration such as "45m", or "0" for not at all;
	// 30 minutes by default.
	KeepAlive string `toml:"keep_alive,omitempty"`
	// StartTimeout is how long a session may take to start: a duration, 10
	// minutes by default. Waiting for capacity counts.
	StartTimeout string `toml:"start_timeout,omitempty"`
	// LiveOutput is how an Apache Livy, which gives a cell's output out at its
	// end, is brought to show it while the cell runs: "off" (the default), or
	// "log" through the session's log, in which what cells print then stands.
	// The embedded Spark shows it in any case.
	LiveOutput string `toml:"live_output,omitempty"`
}

// LiveOutputLog has what a cell prints come through the session's log.
const LiveOutputLog = "log"

const (
	// DefaultKeepAlive is how long an idle session is kept alive.
	DefaultKeepAlive = 30 * time.Minute
	// DefaultStartTimeout is how long a session may take to start.
	DefaultStartTimeout = 10 * time.Minute
)

// KeepAliveTime returns the duration of KeepAlive.
func (k Kernel) KeepAliveTime() time.Duration { return duration(k.KeepAlive, DefaultKeepAlive) }

// StartTime returns the duration of StartTimeout.
func (k Kernel) StartTime() time.Duration { return duration(k.StartTimeout, DefaultStartTimeout) }

func duration(text string, otherwise time.Duration) time.Duration {
	if d, err := time.ParseDuration(text); err == nil {
		return d
	}
	return otherwise
}

// Keep reports whether the session is to outlive its kernel.
func (k Kernel) Keep() bool { return k.OnShutdown == "keep" }

// Spark holds the settings of the embedded default.
type Spark struct {
	// Dir is the folder that Spark and its Python environment are set up in;
	// absolute.
	Dir string `toml:"dir,omitempty"`
}

// Local reports whether the profile is one of the embedded default.
func (p Profile) Local() bool { return p.Endpoint == EndpointLocal }

// Unguarded reports whether the profile, resolved, names a server on another
// machine and no way to authenticate.
func (p Profile) Unguarded() bool {
	u, err := url.Parse(p.Endpoint)
	if err != nil || u.Host == "" || p.Auth != AuthNone {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())
}

// Origin returns scheme, host and port of the endpoint: what a password is
// meant for. It is empty for the endpoints that are no URL.
func (p Profile) Origin() string {
	u, err := url.Parse(strings.TrimSpace(p.Endpoint))
	if err != nil || u.Host == "" {
		return ""
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}

// What some keys may say. The names that are refused as not built yet are
// those of the design; they are not offered in any help.
var (
	dialects       = []string{"auto", string(livy.DialectApache), string(livy.DialectFabric)}
	dialectsToCome = []string{"synapse", "hdinsight", "emr-serverless", "lighter"} //nolint:misspell // a name
	auths          = []string{AuthAuto, AuthNone, AuthBasic, AuthBearer, AuthEntra}
	authsToCome    = []string{"kerberos", "sigv4"}
	starts         = []string{"first-cell", "kernel"}
	onShutdowns    = []string{"delete", "keep"}
	liveOutputs    = []string{"off", LiveOutputLog}
)

// Dialects returns what the key dialect may say.
func Dialects() []string { return slices.Clone(dialects) }

// Auths returns what the key auth may say.
func Auths() []string { return slices.Clone(auths) }

var namePattern = lazyregexp.New(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// Check reports the first thing that is wrong with the profile, as an *Error
// without a file. Whether the endpoint can be reached is not looked at.
func (p Profile) Check() error {
	if !namePattern.MatchString(p.Name) {
		return &Error{Key: "profiles." + quoteKey(p.Name), Problem: "a profile's name is made of small letters, digits, dots, dashes and underscores, 64 at most"}
	}
	if err := p.checkEndpoint(); err != nil {
		return err
	}
	for _, c := range p.choices() {
		switch {
		case c.value == "" || slices.Contains(c.allowed, c.value):
		case slices.Contains(c.later, c.value):
			return p.problem(c.key, quote(c.value)+" is not built yet", c.allowed...)
		default:
			return p.problem(c.key, quote(c.value)+" is not known", c.allowed...)
		}
	}
	for key, value := range map[string]string{"keep_alive": p.Kernel.KeepAlive, "start_timeout": p.Kernel.StartTimeout} {
		if d, err := time.ParseDuration(value); value != "" && (err != nil || d < 0) {
			return p.problem("kernel."+key, quote(value)+` is no duration, such as "45m" or "0"`)
		}
	}
	if p.Kernel.Share != "" && !namePattern.MatchString(p.Kernel.Share) {
		return p.problem("kernel.share", "a name is made of small letters, digits, dots, dashes and underscores, 64 at most")
	}
	if err := p.checkEntra(); err != nil {
		return err
	}
	if err := p.checkProxy(); err != nil {
		return err
	}
	if p.CAFile != "" && !filepath.IsAbs(p.CAFile) {
		return p.problem("ca_file", "must be an absolute path")
	}
	if p.Spark.Dir != "" && !filepath.IsAbs(p.Spark.Dir) {
		return p.problem("spark.dir", "must be an absolute path")
	}
	return nil
}

// choice is a key that takes one of a few values.
type choice struct {
	key, value     string
	allowed, later []string
}

func (p Profile) choices() []choice {
	return []choice{
		{"dialect", p.Dialect, dialects, dialectsToCome},
		{"auth", p.Auth, auths, authsToCome},
		{"flow", p.Flow, flows, nil},
		{"token_cache", p.TokenCache, tokenCaches, nil},
		{"kernel.start", p.Kernel.Start, starts, nil},
		{"kernel.on_shutdown", p.Kernel.OnShutdown, onShutdowns, nil},
		{"kernel.live_output", p.Kernel.LiveOutput, liveOutputs, nil},
	}
}

func (p Profile) checkEndpoint() error {
	switch p.Endpoint {
	case EndpointLocal, EndpointEnv:
		return nil
	case "":
		return p.problem("endpoint", "is missing", "the URL of a Livy server", EndpointLocal, EndpointEnv)
	}
	var opts []livy.Option
	if p.Auth == AuthBasic || p.Auth == AuthBearer || p.Auth == AuthEntra || p.Username != "" && p.Auth != AuthNone {
		opts = append(opts, livy.WithAuthorizer(auth.Basic{})) // any credential: over plain http it is refused
	}
	if p.dialect() == livy.DialectFabric {
		opts = append(opts, livy.WithDialect(livy.DialectFabric))
	}
	_, err := livy.New(p.Endpoint, opts...)
	if errors.Is(err, livy.ErrClearText) {
		return p.problem("endpoint", "credentials are not sent over plain http to another machine; use https")
	}
	if err != nil {
		return p.problem("endpoint", strings.TrimPrefix(err.Error(), "endpoint "), "the URL of a Livy server", EndpointLocal, EndpointEnv)
	}
	if p.Auth == AuthBasic && p.Username == "" {
		return p.problem("username", "is missing, and auth is basic")
	}
	return nil
}

// problem is an *Error about one of the profile's keys.
func (p Profile) problem(key, text string, allowed ...string) error {
	return &Error{Key: "profiles." + quoteKey(p.Name) + "." + key, Problem: text, Allowed: allowed}
}
