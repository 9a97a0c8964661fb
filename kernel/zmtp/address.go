// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"
)

// address is a ZeroMQ endpoint: tcp://HOST:PORT, where HOST may be "*" for all
// interfaces and an IPv6 address stands in brackets, or ipc://PATH.
type address struct {
	network string // "tcp" or "unix"
	target  string // what package net listens on and dials
	host    string // of tcp, as given
	port    string // of tcp
}

// maxIPCPath is the longest path that fits a socket address of this system,
// its closing zero byte left aside.
const maxIPCPath = len(syscall.RawSockaddrUnix{}.Path) - 1

func parseAddress(s string) (address, error) {
	scheme, rest, _ := strings.Cut(s, "://")
	switch scheme {
	case "tcp":
		return parseTCP(s, rest)
	case "ipc":
		return parseIPC(s, rest)
	}
	return address{}, fmt.Errorf("zmtp: address %q: want tcp://HOST:PORT or ipc://PATH", s)
}

func parseTCP(s, rest string) (address, error) {
	host, port, err := net.SplitHostPort(rest)
	if err != nil {
		return address{}, fmt.Errorf("zmtp: address %q: %w", s, err)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return address{}, fmt.Errorf("zmtp: address %q: port %q is not a number from 0 to 65535", s, port)
	}
	target := net.JoinHostPort(host, port)
	if host == "*" {
		target = ":" + port
	}
	return address{network: "tcp", target: target, host: host, port: port}, nil
}

func parseIPC(s, path string) (address, error) {
	if path == "" {
		return address{}, fmt.Errorf("zmtp: address %q names no file", s)
	}
	if len(path) > maxIPCPath {
		return address{}, fmt.Errorf(
			"zmtp: the path of address %q is %d bytes long and this system allows %d: use a folder with a shorter name",
			s, len(path), maxIPCPath)
	}
	return address{network: "unix", target: path}, nil
}

// String returns the address as a client may dial it.
func (a address) String() string {
	if a.network == "unix" {
		return "ipc://" + a.target
	}
	return "tcp://" + net.JoinHostPort(a.host, a.port)
}

// bound returns the address with the port that the system chose.
func (a address) bound(listening net.Addr) address {
	if _, port, err := net.SplitHostPort(listening.String()); a.network == "tcp" && err == nil {
		a.port = port
	}
	return a
}
