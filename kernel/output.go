// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"encoding/json"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

const (
	// holdStream is how long text waits for more of it, so that many small
	// writes become one message.
	holdStream = 100 * time.Millisecond
	// maxStream bounds the text of one stream message, in bytes.
	maxStream = 1 << 20
)

// output is the Sink of one cell. Text of a stream is held back shortly; all
// other messages push it out first, so the order stays.
type output struct {
	iopub   *iopub
	stdin   *stdin
	request *request
	cell    Cell

	interrupted <-chan struct{} // nothing is held back any more
	ended       chan struct{}   // the same; closed by close

	mu     sync.Mutex
	closed bool
	stream string // that pending belongs to
	text   []byte // pending
	timer  *time.Timer
	result string // text/plain of the result, for the history
}

var _ Sink = (*output)(nil)

func (o *output) Stream(name, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.mute() || text == "" {
		return
	}
	if name != o.stream {
		o.flush()
		o.stream = name
	}
	for len(o.text) == 0 && len(text) > maxStream {
		n := runeBorder(text, maxStream)
		o.write(text[:n])
		text = text[n:]
	}
	o.text = append(o.text, text...)
	for len(o.text) >= maxStream {
		o.send(runeBorder(o.text, maxStream))
	}
	if len(o.text) > 0 && o.timer == nil {
		o.timer = time.AfterFunc(holdStream, o.flushHeld)
	}
}

func (o *output) Display(d Display) {
	o.publish(d.Data, d.Metadata, func(data, metadata MIMEBundle) wire.Content {
		return wire.DisplayData{Data: data, Metadata: metadata, Transient: wire.Transient{DisplayID: d.ID}}
	})
}

func (o *output) UpdateDisplay(d Display) {
	if d.ID == "" {
		o.Display(d)
		return
	}
	o.publish(d.Data, d.Metadata, func(data, metadata MIMEBundle) wire.Content {
		return wire.UpdateDisplayData{Data: data, Metadata: metadata, Transient: wire.Transient{DisplayID: d.ID}}
	})
}

func (o *output) Result(data, metadata MIMEBundle) {
	o.publish(data, metadata, func(data, metadata MIMEBundle) wire.Content {
		return wire.ExecuteResult{ExecutionCount: o.cell.ExecutionCount, Data: data, Metadata: metadata}
	})
	o.mu.Lock()
	defer o.mu.Unlock()
	o.result = plainText(data)
}

func (o *output) ClearOutput(wait bool) {
	o.publish(nil, nil, func(_, _ MIMEBundle) wire.Content { return wire.ClearOutput{Wait: wait} })
}

// Input asks after what was written before: that may be the question.
func (o *output) Input(ctx context.Context, prompt string, password bool) (string, error) {
	o.mu.Lock()
	closed := o.closed
	o.flush()
	o.mu.Unlock()
	if closed {
		return "", inputRefused("the cell has ended")
	}
	if !o.cell.AllowStdin {
		return "", inputRefused("the front-end takes no questions while it runs this cell (allow_stdin is false)")
	}
	return o.stdin.ask(ctx, o.request, wire.InputRequest{Prompt: prompt, Password: password})
}

func (o *output) publish(data, metadata MIMEBundle, build func(data, metadata MIMEBundle) wire.Content) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.mute() {
		return
	}
	o.flush()
	o.iopub.pace.wait(size(data), o.interrupted, o.ended)
	o.iopub.publishData(o.request.Message, data, metadata, build)
}

// close publishes what is held back. What comes later is dropped: nothing may
// follow the idle of a cell. It returns the plain text of the result.
func (o *output) close() string {
	if o.ended != nil {
		close(o.ended)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush()
	o.closed = true
	return o.result
}

func (o *output) mute() bool { return o.closed || o.cell.Silent }

// flushHeld sends pending text but for a rune that has only begun.
func (o *output) flushHeld() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.timer = nil
	if n := runeBorder(o.text, len(o.text)); n > 0 && !o.closed {
		o.send(n)
	}
}

// flush sends all pending text.
func (o *output) flush() {
	if o.timer != nil {
		o.timer.Stop()
		o.timer = nil
	}
	if len(o.text) > 0 {
		o.send(len(o.text))
	}
	o.text = nil
}

// send publishes the first n bytes of the pending text.
func (o *output) send(n int) {
	o.write(string(o.text[:n]))
	o.text = o.text[n:]
}

func (o *output) write(text string) {
	o.iopub.pace.wait(len(text), o.interrupted, o.ended)
	_ = o.iopub.publish(o.request.Message, wire.Stream{Name: o.stream, Text: text})
}

// size is the number of bytes of a bundle.
func size(data MIMEBundle) int {
	n := 0
	for _, value := range data {
		n += len(value)
	}
	return n
}

// plainText is the text/plain of a bundle, or empty.
func plainText(data MIMEBundle) string {
	var text string
	if err := json.Unmarshal(data["text/plain"], &text); err != nil {
		return ""
	}
	return text
}

// runeBorder is the largest number up to limit of bytes that end with a rune.
// Text that is not UTF-8 is cut at limit.
func runeBorder[T string | []byte](text T, limit int) int {
	for n := limit; n > 0 && n > limit-utf8.UTFMax; n-- {
		if utf8.RuneStart(text[n-1]) {
			if utf8.FullRune([]byte(text[n-1 : limit])) {
				return limit
			}
			return n - 1
		}
	}
	return limit
}
