// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kerneltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/freeport"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// WriteConnectionFile does what Jupyter does before it starts a kernel: it
// writes the connection file at path, with five free ports of the loopback
// interface and a key.
func WriteConnectionFile(path string) (kernel.ConnectionInfo, error) {
	info := kernel.ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: wire.SignatureScheme, Key: "key"}
	for _, port := range []*int{&info.ShellPort, &info.IOPubPort, &info.StdinPort, &info.ControlPort, &info.HBPort} {
		listener, err := freeport.Listen() // until the kernel listens, no other program gets it
		if err != nil {
			return info, fmt.Errorf("find a free port: %w", err)
		}
		defer listener.Close() // not before all five are chosen, and so differ
		*port = listener.Addr().(*net.TCPAddr).Port
	}
	text, err := json.Marshal(info)
	if err != nil {
		return info, fmt.Errorf("write connection file: %w", err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return info, fmt.Errorf("write connection file: %w", err)
	}
	return info, nil
}

// DialStarting is Dial for a kernel that has just been started: it tries again
// until the ports are open or ctx ends.
func DialStarting(ctx context.Context, info kernel.ConnectionInfo) (*Client, error) {
	retry := time.NewTicker(10 * time.Millisecond)
	defer retry.Stop()
	for {
		client, err := Dial(ctx, info)
		if err == nil {
			return client, nil
		}
		select {
		case <-retry.C:
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), err)
		}
	}
}
