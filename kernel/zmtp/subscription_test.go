// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
)

func welcomeWithTopic(topic []byte) [][]byte { return [][]byte{[]byte("welcome"), topic} }

// next reads one message and joins its frames.
func (r *rawPeer) next() string {
	r.t.Helper()
	var parts []string
	for {
		flags, body := r.readFrame()
		parts = append(parts, string(body))
		if flags&flagMore == 0 {
			return strings.Join(parts, "|")
		}
	}
}

func (r *rawPeer) expect(want string) {
	r.t.Helper()
	if got := r.next(); got != want {
		r.t.Errorf("got %q, want %q", got, want)
	}
}

// TestTrap07Subscriptions: both ways to subscribe and to cancel; each
// subscription is welcomed, repeated ones too, at this subscriber alone.
func TestTrap07Subscriptions(t *testing.T) {
	ways := map[string]struct{ subscribe, cancel func(topic string) []byte }{
		"messages of 3.0": {
			func(topic string) []byte { return frame(0, []byte("\x01"+topic)) },
			func(topic string) []byte { return frame(0, []byte("\x00"+topic)) },
		},
		"commands of 3.1": {
			func(topic string) []byte { return command("SUBSCRIBE", []byte(topic)) },
			func(topic string) []byte { return command("CANCEL", []byte(topic)) },
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPublisher(welcomeWithTopic, nil)
				l := startPipe(p.endpoint)
				publish := func(topics ...string) {
					for _, topic := range topics {
						if err := p.Publish(t.Context(), frames(topic)); err != nil {
							t.Fatal(err)
						}
					}
				}
				select {
				case <-p.Subscribed():
					t.Error("subscribed before anybody did")
				default:
				}
				a, b := l.dial(t), l.dial(t)
				a.handshake("SUB")
				b.handshake("XSUB")
				publish("status") // before any subscription: nobody's

				a.write(way.subscribe("stream"))
				a.expect("welcome|stream")
				<-p.Subscribed()
				publish("status", "stream.stdout")
				a.expect("stream.stdout")

				b.write(way.subscribe(""))
				b.expect("welcome|")
				publish("strea", "status", "stream.stderr")
				a.expect("stream.stderr")
				b.expect("strea")
				b.expect("status")
				b.expect("stream.stderr")

				a.write(way.subscribe("stat"))
				a.expect("welcome|stat")
				a.write(way.subscribe("stat"))
				a.expect("welcome|stat")
				a.write(way.cancel("stream"))
				a.write(way.cancel("never was"))
				synctest.Wait()
				publish("stream", "status")
				a.expect("status")
				b.expect("stream")
				b.expect("status")

				// What is no subscription means nothing.
				b.write(frame(0, nil))
				b.write(frame(0, []byte{2}))
				b.write(append(frame(flagMore, []byte("\x01x")), frame(0, []byte("y"))...))
				synctest.Wait()
				publish("end")
				b.expect("end")
				a.conn.Close()
				b.conn.Close()
				closeSocket(t, p)
			})
		})
	}
}

// TestTrap07WelcomeIsTrue: a client that asks for a message as soon as it is
// welcome never misses it.
func TestTrap07WelcomeIsTrue(t *testing.T) {
	p, err := ListenPublisher(t.Context(), anyPort, welcomeWithTopic)
	if err != nil {
		t.Fatal(err)
	}
	defer closeSocket(t, p)
	for i := range 100 {
		client := dial(t, p.Addr(), Sub)
		if err := client.Subscribe(nil); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Recv(testContext(t)); err != nil {
			t.Fatal(err)
		}
		asked := fmt.Sprint(i)
		if err := p.Publish(t.Context(), frames(asked)); err != nil {
			t.Fatal(err)
		}
		got, err := client.Recv(testContext(t))
		if err != nil || string(got[0]) != asked {
			t.Fatalf("got %q, %v, want %q", got, err, asked)
		}
		client.Close()
	}
}

// TestSubscriptionLimits: neither long topics nor many of them are kept.
func TestSubscriptionLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPublisher(nil, nil)
		l := startPipe(p.endpoint)
		long := l.dial(t)
		long.handshake("SUB")
		long.write(frame(0, append([]byte{1}, make([]byte, maxTopicBytes+1)...)))
		long.expectClosed()

		many := l.dial(t)
		many.handshake("SUB")
		for i := range maxTopics + 1 {
			many.write(frame(0, fmt.Appendf([]byte{1}, "topic %d", i)))
		}
		many.expectClosed()
		closeSocket(t, p)
		if n := len(p.topics); n != 0 {
			t.Errorf("the subscriptions of %d peers are left", n)
		}
	})
}

// TestO6OneOrderForAll: messages of several goroutines reach all subscribers in
// the same order.
func TestO6OneOrderForAll(t *testing.T) {
	p, err := ListenPublisher(t.Context(), anyPort, welcomeWithTopic)
	if err != nil {
		t.Fatal(err)
	}
	defer closeSocket(t, p)
	const publishers, each, subscribers = 4, 500, 3
	orders := make(chan string, subscribers)
	for range subscribers {
		client := dial(t, p.Addr(), Sub)
		defer client.Close()
		if err := client.Subscribe(nil); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Recv(testContext(t)); err != nil {
			t.Fatal(err)
		}
		go func() {
			var order strings.Builder
			for range publishers * each {
				got, err := client.Recv(testContext(t))
				if err != nil {
					t.Error(err)
					break
				}
				order.Write(got[0])
			}
			orders <- order.String()
		}()
	}
	for i := range publishers {
		go func() {
			for range each {
				if err := p.Publish(t.Context(), frames(fmt.Sprint(i))); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	first := <-orders
	for range subscribers - 1 {
		if next := <-orders; next != first {
			t.Error("two subscribers saw different orders")
		}
	}
	if len(first) != publishers*each {
		t.Errorf("%d of %d messages arrived", len(first), publishers*each)
	}
}
