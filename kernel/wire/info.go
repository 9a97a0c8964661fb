// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire

import "encoding/json"

// KernelInfoRequest is the content of kernel_info_request.
type KernelInfoRequest struct{}

func (KernelInfoRequest) MsgType() string { return "kernel_info_request" }

// KernelInfoReply is the content of kernel_info_reply.
type KernelInfoReply struct {
	Status                string       `json:"status"`
	ProtocolVersion       string       `json:"protocol_version"`
	Implementation        string       `json:"implementation"`
	ImplementationVersion string       `json:"implementation_version"`
	LanguageInfo          LanguageInfo `json:"language_info"`
	Banner                string       `json:"banner"`
	Debugger              bool         `json:"debugger"` // deprecated by supported_features
	HelpLinks             HelpLinks    `json:"help_links"`
	SupportedFeatures     Strings      `json:"supported_features"`
}

func (KernelInfoReply) MsgType() string { return "kernel_info_reply" }

// LanguageInfo tells a client how to treat the cells' code. Version is
// required, FileExtension begins with a dot.
type LanguageInfo struct {
	Name          string `json:"name"`
	Version       string `json:"version"`
	MIMEType      string `json:"mimetype"`
	FileExtension string `json:"file_extension"`
	PygmentsLexer string `json:"pygments_lexer,omitempty"`
	// CodeMirrorMode is encoded JSON: a string, or an object with a name.
	CodeMirrorMode    json.RawMessage `json:"codemirror_mode,omitempty"`
	NbconvertExporter string          `json:"nbconvert_exporter,omitempty"`
}

// HelpLink is one entry of a client's help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// HelpLinks is [] and not null when it is nil.
type HelpLinks []HelpLink

// MarshalJSON never yields null.
func (l HelpLinks) MarshalJSON() ([]byte, error) {
	if l == nil {
		return []byte("[]"), nil
	}
	return encode([]HelpLink(l))
}
