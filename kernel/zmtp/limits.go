// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import "time"

// What one connection may claim. A legitimate Jupyter client stays far below
// each of them; whoever exceeds one is disconnected.
const (
	// maxMessageBytes bounds an inbound message, all frames together, and so
	// each frame. What is sent has no such bound.
	maxMessageBytes = 64 << 20
	// maxSubscriberBytes bounds what a subscriber sends at once, and maxBeatBytes
	// a heartbeat, as well as the echoes that wait for its client.
	maxSubscriberBytes = 64 << 10
	maxBeatBytes       = 1 << 20
	// maxUnreadBytes bounds what the connections of one port have sent of messages
	// that have not come whole, all together; messages of up to freeBytes do not
	// count.
	maxUnreadBytes = 2 * maxMessageBytes
	freeBytes      = 256 << 10
	// maxFrames bounds the frames of an inbound message.
	maxFrames = 4096
	// maxCommandBytes bounds an inbound command: READY, PING, SUBSCRIBE.
	maxCommandBytes = 4 << 10
	// maxProperties bounds the metadata of READY.
	maxProperties = 8
	// maxTopicBytes and maxTopics bound the subscriptions of one subscriber.
	maxTopicBytes = 4 << 10
	maxTopics     = 1024
	// maxConnections bounds the connections of one port, handshakes included.
	maxConnections = 256
	// maxWarnings bounds the lines that peers of one port leave in the log.
	maxWarnings = 100
	// maxQueuedBytes and maxQueued bound what waits for one peer to read. A
	// single message above maxQueuedBytes still passes through an empty queue.
	maxQueuedBytes = 64 << 20
	maxQueued      = 64 << 10
	// maxOwed is how many messages may wait for a peer when it asks for a PONG or
	// for the welcome to a subscription. It is not read from until it has read.
	maxOwed = 256
)

// How long one connection may keep the process waiting.
const (
	// handshakeTime is for greeting and READY together.
	handshakeTime = 5 * time.Second
	// writeTime is for writing one message, and writeTimePerKB is added for
	// each KiB of it.
	writeTime      = 10 * time.Second
	writeTimePerKB = time.Microsecond
	// fullTime is how long a publisher waits for full subscribers, all
	// together, before it closes them.
	fullTime = 2 * time.Second
	// lingerTime is how long Close waits for the peers to take what is queued.
	lingerTime = 2 * time.Second
	// bindTime is how long a taken address is tried again: a restarted kernel
	// binds the ports of the one that is just leaving.
	bindTime = 2 * time.Second
	// retryPause lies between two attempts to bind, and follows a failed accept.
	retryPause = 50 * time.Millisecond
	// probeTime is for finding out whether anybody listens on an ipc file.
	probeTime = time.Second
)

// bufferBytes is the size of the read and of the write buffer of a connection.
const bufferBytes = 16 << 10

// writeLimit returns how long writing size bytes may take.
func writeLimit(size int) time.Duration {
	return writeTime + time.Duration(size>>10)*writeTimePerKB
}
