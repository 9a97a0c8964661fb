// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package kerneltest is a small Jupyter client at the level of the wire, for
// tests of kernels: it sees each message of each channel in the order of its
// arrival. It works with any kernel that has a connection file.
package kerneltest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/kernel/zmtp"
)

// Channel is one of the channels that a Client has a connection to.
type Channel string

// The channels.
const (
	Shell     Channel = "shell"
	Control   Channel = "control"
	Stdin     Channel = "stdin"
	IOPub     Channel = "iopub"
	Heartbeat Channel = "heartbeat"
)

// Client is connected to all channels of a kernel. It is safe for concurrent
// use.
type Client struct {
	session *wire.Session
	conns   map[Channel]*zmtp.ClientConn
	readers sync.WaitGroup
	stop    context.CancelFunc
	closing sync.Once
	log     *transcript
	beats   chan [][]byte
}

// Dial connects to all channels and subscribes to all of iopub. ctx bounds the
// connecting.
func Dial(ctx context.Context, info kernel.ConnectionInfo) (*Client, error) {
	if info.IP == "*" || info.IP == "0.0.0.0" {
		info.IP = "127.0.0.1"
	}
	reading, stop := context.WithCancel(context.WithoutCancel(ctx))
	c := &Client{
		session: wire.NewSession([]byte(info.Key), "kerneltest"),
		conns:   make(map[Channel]*zmtp.ClientConn),
		stop:    stop,
		log:     newTranscript(5),
		beats:   make(chan [][]byte, 1),
	}
	// Clients share one identity for shell, control and stdin.
	identity := zmtp.WithIdentity([]byte(c.session.ID()))
	for _, d := range []struct {
		channel Channel
		port    int
		socket  zmtp.SocketType
	}{
		{IOPub, info.IOPubPort, zmtp.Sub},
		{Shell, info.ShellPort, zmtp.Dealer},
		{Control, info.ControlPort, zmtp.Dealer},
		{Stdin, info.StdinPort, zmtp.Dealer},
		{Heartbeat, info.HBPort, zmtp.Dealer},
	} {
		conn, err := zmtp.Dial(ctx, info.Address(d.port), d.socket, identity)
		if err != nil {
			c.Close()
			return nil, fmt.Errorf("connect to %s: %w", d.channel, err)
		}
		c.conns[d.channel] = conn
		c.readers.Go(func() { c.read(reading, d.channel, conn) })
	}
	if err := c.conns[IOPub].Subscribe(nil); err != nil {
		c.Close()
		return nil, fmt.Errorf("subscribe: %w", err)
	}
	return c, nil
}

// Close ends all connections. It may be called more than once.
func (c *Client) Close() {
	c.closing.Do(func() {
		c.stop()
		c.readers.Wait()
		for _, conn := range c.conns {
			_ = conn.Close() // nothing is left to be lost
		}
	})
}

func (c *Client) read(ctx context.Context, channel Channel, conn *zmtp.ClientConn) {
	for {
		frames, err := conn.Recv(ctx)
		if err != nil {
			c.log.ended()
			return
		}
		if channel == Heartbeat {
			select {
			case c.beats <- frames:
			case <-ctx.Done():
			}
			continue
		}
		m, err := c.session.Parse(frames)
		if err != nil {
			c.log.fail(fmt.Errorf("%s: %w", channel, err))
			return
		}
		c.log.add(channel, m)
	}
}

// Send sends a request and returns it.
func (c *Client) Send(ctx context.Context, channel Channel, content wire.Content) (*wire.Message, error) {
	m, err := c.session.Message(content, nil)
	if err != nil {
		return nil, err
	}
	return m, c.SendMessage(ctx, channel, m)
}

// SendMessage signs m as it stands and sends it.
func (c *Client) SendMessage(ctx context.Context, channel Channel, m *wire.Message) error {
	return c.SendFrames(ctx, channel, c.session.Frames(m))
}

// SendFrames sends frames as they are, for what no client should send.
func (c *Client) SendFrames(ctx context.Context, channel Channel, frames [][]byte) error {
	conn, ok := c.conns[channel]
	if !ok {
		return errors.New("no connection to " + string(channel))
	}
	return conn.Send(ctx, frames)
}

// Session signs what the client sends.
func (c *Client) Session() *wire.Session { return c.session }

// Request sends a request and waits until it is served: its reply and the
// status idle are there.
func (c *Client) Request(ctx context.Context, channel Channel, content wire.Content) (Exchange, error) {
	m, err := c.Send(ctx, channel, content)
	if err != nil {
		return Exchange{}, err
	}
	return c.Wait(ctx, m, Exchange.Served)
}

// Answer answers an input_request by stdin.
func (c *Client) Answer(ctx context.Context, question *wire.Message, value string) error {
	m, err := c.session.Message(wire.InputReply{Value: value}, question)
	if err != nil {
		return err
	}
	m.Identities = nil // those of the kernel's message are of the client itself
	return c.SendMessage(ctx, Stdin, m)
}

// Wait waits until done holds for what came in answer to request.
func (c *Client) Wait(ctx context.Context, request *wire.Message, done func(Exchange) bool) (Exchange, error) {
	x, err := c.log.wait(ctx, request.Header.MsgID, done)
	if err != nil {
		return x, fmt.Errorf("wait for the answer to %s: %w", request.Header.MsgType, err)
	}
	return x, nil
}

// WaitIOPub waits for the first message of a type that comes by iopub and has
// no parent: status starting and iopub_welcome.
func (c *Client) WaitIOPub(ctx context.Context, msgType string) (*wire.Message, error) {
	x, err := c.log.wait(ctx, "", func(x Exchange) bool { return x.Find(msgType) != nil })
	if err != nil {
		return nil, fmt.Errorf("wait for %s: %w", msgType, err)
	}
	return x.Find(msgType), nil
}

// Transcript is all that was received so far on channel, in order.
func (c *Client) Transcript(channel Channel) []*wire.Message { return c.log.of(channel) }

// Ping sends frames to the heartbeat and returns the echo.
func (c *Client) Ping(ctx context.Context, frames [][]byte) ([][]byte, error) {
	if err := c.SendFrames(ctx, Heartbeat, frames); err != nil {
		return nil, err
	}
	select {
	case echo := <-c.beats:
		return echo, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the heartbeat: %w", ctx.Err())
	}
}
