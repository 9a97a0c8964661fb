// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"encoding/json"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// The welcome names the subscription, and comes by it. What is no text is not
// welcomed: its topic could not be said.
func TestI8WelcomeSaysTheTopic(t *testing.T) {
	kernel, client := wire.NewSession([]byte("k"), "kernel"), wire.NewSession([]byte("k"), "client")
	for _, topic := range []string{"", "kernel.", "kernel.é.status", `"`} {
		m, err := client.Parse(welcome(kernel)([]byte(topic)))
		if err != nil {
			t.Fatal(err)
		}
		var content wire.IopubWelcome
		if err := json.Unmarshal(m.Content, &content); err != nil || content.Subscription != topic {
			t.Errorf("%q: %+v, %v", topic, content, err)
		}
		if len(m.Identities) != 1 || string(m.Identities[0]) != topic || string(m.ParentHeader) != "{}" || m.Header.MsgType != "iopub_welcome" {
			t.Errorf("%q: %+v", topic, m)
		}
	}
	if frames := welcome(kernel)([]byte("\xff\xfe")); frames != nil {
		t.Errorf("welcomed: %q", frames)
	}
}
