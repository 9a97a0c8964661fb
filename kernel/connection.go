// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// ConnectionInfo is the content of a connection file, by which a client tells
// the kernel where to listen and what to sign with.
type ConnectionInfo struct {
	Transport       string `json:"transport"` // "tcp" or "ipc"
	IP              string `json:"ip"`        // for ipc: the prefix of the paths
	ShellPort       int    `json:"shell_port"`
	IOPubPort       int    `json:"iopub_port"`
	StdinPort       int    `json:"stdin_port"`
	ControlPort     int    `json:"control_port"`
	HBPort          int    `json:"hb_port"`
	SignatureScheme string `json:"signature_scheme"`
	Key             string `json:"key"` // empty: nothing is signed
	// JupyterSession is the path of the notebook as Jupyter Server knows it;
	// other clients leave it out.
	JupyterSession string `json:"jupyter_session,omitempty"`
	// Shared tells that other users of the machine can read the file, and so
	// the key. VS Code writes such files.
	Shared bool `json:"-"`
}

// maxConnectionFile is far above the size of any connection file, in bytes.
const maxConnectionFile = 1 << 20

// ReadConnectionFile reads and checks the connection file at path. The error
// is one sentence that names the file, the key and what is wrong with it.
func ReadConnectionFile(path string) (ConnectionInfo, error) {
	file, err := os.Open(path)
	if err != nil {
		return ConnectionInfo{}, fmt.Errorf("read connection file: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxConnectionFile))
	if err != nil {
		return ConnectionInfo{}, fmt.Errorf("read connection file: %w", err)
	}
	info, err := parseConnectionInfo(data)
	if err != nil {
		return ConnectionInfo{}, fmt.Errorf("connection file %s: %w", path, err)
	}
	if stat, err := file.Stat(); err == nil && runtime.GOOS != "windows" { // which has no such bits
		info.Shared = stat.Mode().Perm()&0o044 != 0
	}
	return info, nil
}

// connectionFile has the keys that are looked at but not taken over.
type connectionFile struct {
	ConnectionInfo
	CurvePublicKey   string `json:"curve_publickey"`
	CurveSecretKey   string `json:"curve_secretkey"`
	RegistrationPort int    `json:"registration_port"`
}

func parseConnectionInfo(data []byte) (ConnectionInfo, error) {
	var file connectionFile
	if err := json.Unmarshal(data, &file); err != nil {
		return ConnectionInfo{}, describeJSONError(err)
	}
	info := file.ConnectionInfo
	switch {
	case file.CurvePublicKey != "" || file.CurveSecretKey != "":
		return info, errors.New("curve_publickey asks for CURVE encryption, which this kernel does not have; start it without transport encryption")
	case file.RegistrationPort != 0:
		return info, errors.New("registration_port asks for the handshake of protocol 5.6, which this kernel does not have")
	}
	if info.Transport == "" {
		info.Transport = "tcp"
	}
	if info.SignatureScheme == "" {
		info.SignatureScheme = wire.SignatureScheme
	}
	return info, info.check()
}

func (c ConnectionInfo) check() error {
	if c.Transport != "tcp" && c.Transport != "ipc" {
		return fmt.Errorf("transport is %q, want tcp or ipc", c.Transport)
	}
	if c.IP == "" {
		return errors.New("ip is missing")
	}
	if strings.ContainsFunc(c.IP, func(r rune) bool { return r < ' ' }) {
		return errors.New("ip holds control characters")
	}
	if c.SignatureScheme != wire.SignatureScheme {
		return fmt.Errorf("signature_scheme is %q, this kernel knows only %s", c.SignatureScheme, wire.SignatureScheme)
	}
	seen := make(map[int]string)
	for _, p := range []struct {
		key  string
		port int
	}{
		{"shell_port", c.ShellPort}, {"iopub_port", c.IOPubPort}, {"stdin_port", c.StdinPort},
		{"control_port", c.ControlPort}, {"hb_port", c.HBPort},
	} {
		switch {
		case p.port == 0:
			return fmt.Errorf("%s is missing", p.key)
		case p.port < 0 || p.port > 65535:
			return fmt.Errorf("%s is %d, want 1 to 65535", p.key, p.port)
		case seen[p.port] != "":
			return fmt.Errorf("%s and %s are both %d", seen[p.port], p.key, p.port)
		}
		seen[p.port] = p.key
	}
	return nil
}

// describeJSONError says what is wrong with a file in the file's terms.
func describeJSONError(err error) error {
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrongType) && wrongType.Field != "":
		key := wrongType.Field[strings.LastIndex(wrongType.Field, ".")+1:]
		return fmt.Errorf("%s is a %s, want %s", key, wrongType.Value, wrongType.Type)
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON (at byte %d: %w)", syntax.Offset, err)
	}
	return errors.New("not a JSON object")
}

// Address is where the channel with the given port is bound.
func (c ConnectionInfo) Address(port int) string {
	if c.Transport == "ipc" {
		return fmt.Sprintf("ipc://%s-%d", c.IP, port)
	}
	return "tcp://" + net.JoinHostPort(strings.Trim(c.IP, "[]"), strconv.Itoa(port))
}

// loopback reports whether only this machine can reach the ports.
func (c ConnectionInfo) loopback() bool {
	ip := net.ParseIP(strings.Trim(c.IP, "[]"))
	return c.Transport == "ipc" || c.IP == "localhost" || ip != nil && ip.IsLoopback()
}
