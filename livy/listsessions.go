// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
)

// Sessions lists the sessions that the server shows: at most 500, the first
// page of Apache Livy.
func (c *Client) Sessions(ctx context.Context) ([]Session, error) {
	var all []Session
	for range maxPages {
		query := ""
		if c.traits.paged {
			query = fmt.Sprintf("?$top=%d&$skip=%d&$count=true", pageSize, len(all))
		}
		var page sessionPage
		if err := c.get(ctx, "list sessions", "/sessions"+query, &page); err != nil {
			return nil, err
		}
		// A server that does not page shows the same ones again.
		if len(page.sessions) == 0 || len(all) > 0 && all[0].ID == page.sessions[0].ID {
			break
		}
		all = append(all, page.sessions...)
		if !c.traits.paged || len(all) >= page.total {
			break
		}
	}
	return all, nil
}

const (
	pageSize = 100
	maxPages = 5
)

// sessionPage is a list of sessions in one of the shapes that servers give it:
// below sessions (Apache Livy) or items (Fabric's list of activities), a bare
// list, or the single session that Fabric's own schema has there.
type sessionPage struct {
	sessions []Session
	total    int
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *sessionPage) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte{'['}) {
		return json.Unmarshal(b, &p.sessions)
	}
	var list struct {
		ID       json.RawMessage `json:"id"`
		Sessions []Session       `json:"sessions"`
		Items    []Session       `json:"items"`
		Total    int             `json:"totalCountOfMatchedItems"`
	}
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	p.sessions, p.total = append(list.Sessions, list.Items...), list.Total
	if len(p.sessions) == 0 && list.ID != nil {
		p.sessions = make([]Session, 1)
		return json.Unmarshal(b, &p.sessions[0])
	}
	return nil
}
