// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// introspectTime bounds completion and inspection: what follows them on their
// channel waits, and clients have long stopped listening.
const introspectTime = 2 * time.Second

func (s *server) kernelInfo() wire.KernelInfoReply {
	return wire.KernelInfoReply{
		Status:                wire.StatusOK,
		ProtocolVersion:       wire.ProtocolVersion,
		Implementation:        s.info.Implementation,
		ImplementationVersion: s.info.ImplementationVersion,
		LanguageInfo:          s.info.Language,
		Banner:                s.info.Banner,
		HelpLinks:             s.info.HelpLinks,
	}
}

func (s *server) isComplete(r *request) (wire.Content, error) {
	var content wire.IsCompleteRequest
	if err := decode(r, &content); err != nil {
		return nil, err
	}
	c := s.backend.IsComplete(content.Code)
	reply := wire.IsCompleteReply{Status: c.Status}
	if c.Status == wire.Incomplete {
		reply.Indent = &c.Indent
	}
	return reply, nil
}

func (s *server) complete(ctx context.Context, r *request) (wire.Content, error) {
	var content wire.CompleteRequest
	if err := decode(r, &content); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, introspectTime)
	defer cancel()
	cursor := clampCursor(content.CursorPos, content.Code)
	c, err := s.backend.Complete(ctx, content.Code, cursor)
	if err != nil {
		return nil, err
	}
	return wire.CompleteReply{Status: wire.StatusOK, Matches: c.Matches, CursorStart: c.Start, CursorEnd: c.End}, nil
}

func (s *server) inspect(ctx context.Context, r *request) (wire.Content, error) {
	var content wire.InspectRequest
	if err := decode(r, &content); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, introspectTime)
	defer cancel()
	cursor := clampCursor(content.CursorPos, content.Code)
	data, err := s.backend.Inspect(ctx, content.Code, cursor, content.DetailLevel)
	if err != nil {
		return nil, err
	}
	return wire.InspectReply{Status: wire.StatusOK, Found: data != nil, Data: quoteInvalid(data)}, nil
}

func (s *server) findHistory(r *request) (wire.Content, error) {
	var content wire.HistoryRequest
	if err := decode(r, &content); err != nil {
		return nil, err
	}
	return wire.HistoryReply{Status: wire.StatusOK, History: s.history.find(content)}, nil
}

// refuseComm answers comm_open: no comm target is known here, and the client
// learns that by comm_close on iopub.
func (s *server) refuseComm(r *request) error {
	var content wire.CommOpen
	if err := decode(r, &content); err != nil {
		return err
	}
	return s.iopub.publish(r.Message, wire.CommClose{CommID: content.CommID})
}

// clampCursor is pos where it lies in code, else the nearest border. Offsets
// count code points; some clients count otherwise.
func clampCursor(pos int, code string) int {
	return min(max(pos, 0), utf8.RuneCountInString(code))
}

// decode reads the content of a request, or says that the client is at fault.
func decode(r *request, content wire.Content) error {
	if err := r.Decode(content); err != nil {
		return &CellError{
			EName:  "InvalidRequest",
			EValue: fmt.Sprintf("the content of this %s does not follow the messaging specification", r.Header.MsgType),
		}
	}
	return nil
}

// isRequest tells messages that want a reply from the others.
func isRequest(r *request) bool { return strings.HasSuffix(r.Header.MsgType, "_request") }
