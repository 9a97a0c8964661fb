// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire

import "encoding/json"

// CommInfoRequest is the content of comm_info_request.
type CommInfoRequest struct {
	TargetName string `json:"target_name,omitempty"`
}

func (CommInfoRequest) MsgType() string { return "comm_info_request" }

// CommInfoReply is the content of comm_info_reply: the open comms by id.
type CommInfoReply struct {
	Status string `json:"status"`
	Comms  Comms  `json:"comms"`
}

func (CommInfoReply) MsgType() string { return "comm_info_reply" }

// Comms is {} and not null when it is nil.
type Comms map[string]CommInfo

// MarshalJSON never yields null.
func (c Comms) MarshalJSON() ([]byte, error) {
	if c == nil {
		return []byte("{}"), nil
	}
	return encode(map[string]CommInfo(c))
}

// CommInfo describes an open comm.
type CommInfo struct {
	TargetName string `json:"target_name"`
}

// CommOpen is the content of comm_open.
type CommOpen struct {
	CommID     string          `json:"comm_id"`
	TargetName string          `json:"target_name"`
	Data       json.RawMessage `json:"data,omitempty"`
}

func (CommOpen) MsgType() string { return "comm_open" }

// CommMsg is the content of comm_msg.
type CommMsg struct {
	CommID string          `json:"comm_id"`
	Data   json.RawMessage `json:"data,omitempty"`
}

func (CommMsg) MsgType() string { return "comm_msg" }

// CommClose is the content of comm_close.
type CommClose struct {
	CommID string     `json:"comm_id"`
	Data   MIMEBundle `json:"data"`
}

func (CommClose) MsgType() string { return "comm_close" }
