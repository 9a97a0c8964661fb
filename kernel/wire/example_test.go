// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire_test

import (
	"errors"
	"fmt"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// One end writes a request as the frames that ZeroMQ carries; the other checks
// and reads them, and answers. Frames that were not signed by the key, or that
// come a second time, are refused before their JSON is looked at.
func Example() {
	key := []byte("of the connection file")
	client, kernel := wire.NewSession(key, "ann"), wire.NewSession(key, "kernel")

	request, err := client.Message(wire.IsCompleteRequest{Code: "1 +"}, nil)
	if err != nil {
		panic(err)
	}
	frames := client.Frames(request)

	received, err := kernel.Parse(frames)
	if err != nil {
		panic(err)
	}
	var content wire.IsCompleteRequest
	if err := received.Decode(&content); err != nil {
		panic(err)
	}
	reply, err := kernel.Message(wire.IsCompleteReply{Status: wire.Incomplete}, received)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s %q: %s %s\n", received.Header.MsgType, content.Code, reply.Header.MsgType, reply.Content)

	_, err = kernel.Parse(frames)
	fmt.Println("again:", errors.Is(err, wire.ErrReplay))
	_, err = wire.NewSession([]byte("another key"), "").Parse(frames)
	fmt.Println("another key:", errors.Is(err, wire.ErrSignature))
	// Output:
	// is_complete_request "1 +": is_complete_reply {"status":"incomplete"}
	// again: true
	// another key: true
}
