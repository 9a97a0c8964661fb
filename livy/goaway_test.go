// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
)

// Types of HTTP/2 frames (RFC 9113, section 6).
const (
	frameData     = 0
	frameHeaders  = 1
	frameSettings = 4
	frameGoAway   = 7
)

func writeFrame(w io.Writer, kind, flags byte, stream uint32, payload ...byte) error {
	head := make([]byte, 9, 9+len(payload))
	binary.BigEndian.PutUint32(head, uint32(len(payload))<<8)
	head[3], head[4] = kind, flags
	binary.BigEndian.PutUint32(head[5:], stream)
	_, err := w.Write(append(head, payload...))
	return err
}

func readFrame(r io.Reader) (kind, flags byte, stream uint32, err error) {
	head := make([]byte, 9)
	if _, err := io.ReadFull(r, head); err != nil {
		return 0, 0, 0, err
	}
	_, err = io.CopyN(io.Discard, r, int64(binary.BigEndian.Uint32(head)>>8))
	return head[3], head[4], binary.BigEndian.Uint32(head[5:]), err
}

// serveStream serves one connection until the end of the body of its first
// request, and then has end deal with it.
func serveStream(conn net.Conn, end func(conn net.Conn, stream uint32)) {
	defer conn.Close()
	preface := make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
	if _, err := io.ReadFull(conn, preface); err != nil {
		return
	}
	if writeFrame(conn, frameSettings, 0, 0) != nil {
		return
	}
	for {
		kind, flags, stream, err := readFrame(conn)
		switch {
		case err != nil:
			return
		case kind == frameSettings && flags&1 == 0:
			_ = writeFrame(conn, frameSettings, 1, 0)
		case kind == frameData && flags&1 != 0:
			end(conn, stream)
			return
		}
	}
}

// TestRow29GoAway: a stream that the server refuses with its GOAWAY was not
// executed, and is sent again on another connection; one that it took is not.
func TestRow29GoAway(t *testing.T) {
	certified := httptest.NewTLSServer(nil)
	certified.Close()
	roots := x509.NewCertPool()
	roots.AddCert(certified.Certificate())
	for name, taken := range map[string]bool{"refused": false, "taken": true} {
		t.Run(name, func(t *testing.T) {
			listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: certified.TLS.Certificates, NextProtos: []string{"h2"}})
			if err != nil {
				t.Fatal(err)
			}
			executed, connections := 0, 0
			done := make(chan struct{})
			go func() {
				defer close(done)
				for {
					conn, err := listener.Accept()
					if err != nil {
						return
					}
					connections++
					serveStream(conn, func(conn net.Conn, stream uint32) {
						if connections == 1 {
							last := uint32(0)
							if taken {
								executed, last = executed+1, stream
							}
							_ = writeFrame(conn, frameGoAway, 0, 0, binary.BigEndian.AppendUint32(nil, last)[0], 0, 0, byte(last), 0, 0, 0, 0)
							return
						}
						executed++
						_ = writeFrame(conn, frameHeaders, 4, stream, 0x88) // :status 200
						_ = writeFrame(conn, frameData, 1, stream, []byte(accepted)...)
						_, _, _, _ = readFrame(conn) // lets the client go first
					})
				}
			}()
			client, err := livy.New("https://"+listener.Addr().String(), livy.WithRootCAs(roots))
			if err != nil {
				t.Fatal(err)
			}
			_, err = client.Submit(t.Context(), "0", livy.StatementRequest{Code: "spend()"})
			client.CloseIdleConnections()
			_ = listener.Close()
			<-done
			if executed != 1 || errors.As(err, new(*livy.UncertainError)) != taken || !taken && err != nil {
				t.Errorf("executed %d times on %d connections, error %v", executed, connections, err)
			}
		})
	}
}
