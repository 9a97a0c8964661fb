// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"

	"github.com/livy-kernel/livy-kernel/internal/display"
	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
)

// tableType is the MIME type by which the helper sends rows: a SQL result, and
// whether there are more.
const tableType = "application/vnd.livy-kernel.table+json"

// bundleOf returns what a frame shows, its rows as a table.
func bundleOf(f *display.Frame) kernel.MIMEBundle {
	raw, ok := f.Data[tableType]
	if !ok {
		return render.Whole(f.Data)
	}
	if t, ok := render.Rows(raw); ok {
		return t.Bundle()
	}
	return render.Whole(f.Data)
}

// unframed shows what the text of a statement holds beyond what was shown while
// it ran, and returns what else there is. Without frames, and where nothing was
// shown, it shows nothing, and all is left.
func (p *player) unframed(ctx context.Context, out livy.Output) (livy.Output, error) {
	var text string
	printed := out.Data["text/plain"] // may be large, and the nonce stands there as it is
	if !p.began && !bytes.Contains(printed, []byte(p.session.nonce)) {
		return out, nil
	}
	if len(printed) > 0 && json.Unmarshal(printed, &text) != nil {
		return out, p.end(ctx)
	}
	rest := livy.Output{Status: out.Status, Data: maps.Clone(out.Data)}
	delete(rest.Data, "text/plain")
	if len(rest.Data) > 0 { // the result is that of a magic of Livy's
		defer func(sink kernel.Sink) { p.sink = sink }(p.sink)
		p.sink = withoutResult{p.sink}
	}
	if text != "" {
		p.complete(text)
	}
	return rest, p.end(ctx)
}

// withoutResult is a Sink whose results are displays: a cell has one result.
type withoutResult struct{ kernel.Sink }

func (w withoutResult) Result(data, metadata kernel.MIMEBundle) {
	w.Display(kernel.Display{Data: data, Metadata: metadata})
}
