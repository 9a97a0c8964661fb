// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"errors"
	"fmt"

	"github.com/go-zeromq/zmq4"
)

// The first byte of the messages by which a ZMTP 3.0 subscriber subscribes and
// unsubscribes; ZMTP 3.1 has commands for that (RFC 37).
const (
	messageCancel    = 0
	messageSubscribe = 1
)

// receive takes the messages of a subscriber. Those that are no subscription
// may come from an XSUB and mean nothing here.
func (p *Publisher) receive(peer *Peer, frames [][]byte) error {
	if len(frames) != 1 || len(frames[0]) == 0 {
		return nil
	}
	switch topic := frames[0][1:]; frames[0][0] {
	case messageSubscribe:
		return p.subscribe(peer, topic)
	case messageCancel:
		p.cancel(peer, topic)
	}
	return nil
}

func (p *Publisher) command(peer *Peer, name string, data []byte) error {
	switch name {
	case zmq4.CmdSubscribe:
		return p.subscribe(peer, data)
	case zmq4.CmdCancel:
		p.cancel(peer, data)
	}
	return nil
}

// subscribe queues the welcome and adds the topic in one step, so that the
// welcome is true when it arrives: nothing is missed from then on.
func (p *Publisher) subscribe(peer *Peer, topic []byte) error {
	if len(topic) > maxTopicBytes {
		return fmt.Errorf("zmtp: a topic of %d bytes, %d are allowed", len(topic), maxTopicBytes)
	}
	var welcome [][]byte
	if p.welcome != nil {
		peer.queue.await(maxOwed)
		welcome = p.welcome(topic)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	topics := p.topics[peer]
	if topics == nil {
		topics = make(topicSet)
		p.topics[peer] = topics
	}
	if len(topics) >= maxTopics {
		return errors.New("zmtp: too many subscriptions")
	}
	if len(welcome) > 0 {
		if err := peer.Send(welcome); err != nil {
			return err
		}
	}
	topics[string(topic)] = struct{}{}
	p.markSubscribed.Do(func() { close(p.subscribed) })
	return nil
}

func (p *Publisher) cancel(peer *Peer, topic []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.topics[peer], string(topic))
}

// forget drops the subscriptions of a peer that has left.
func (p *Publisher) forget(peer *Peer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.topics, peer)
}
