// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package sparkui asks the REST interface of Spark's own web UI what the jobs
// of a statement are at.
package sparkui

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Bounds of one question. The first one takes Spark seconds.
const (
	timeout = 10 * time.Second
	maxBody = 4 << 20 // bytes
)

// Stage is a stage that has tasks running or to run.
type Stage struct {
	ID     int    `json:"stageId"`
	Name   string `json:"name"` // Spark's word for the line that called for it
	Tasks  int    `json:"numTasks"`
	Active int    `json:"numActiveTasks"`
	Done   int    `json:"numCompleteTasks"`
	Failed int    `json:"numFailedTasks"`
}

type job struct {
	Group  string `json:"jobGroup"`
	Stages []int  `json:"stageIds"`
}

// Client asks web UIs. It sends no credentials and follows no redirect.
type Client struct {
	transport http.RoundTripper
}

// New returns a Client that uses no proxy and keeps no connection.
func New() *Client {
	return &Client{transport: &http.Transport{DisableKeepAlives: true, ResponseHeaderTimeout: timeout}}
}

// Stages returns the active stages of the running jobs of a job group, which is
// Livy's number of the statement, by their ids. ui is the address of the web UI
// and app the application's id.
func (c *Client) Stages(ctx context.Context, ui, app, group string) ([]Stage, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	at := strings.TrimRight(ui, "/") + "/api/v1/applications/" + url.PathEscape(app)
	var jobs []job
	if err := c.get(ctx, at+"/jobs?status=running", &jobs); err != nil {
		return nil, fmt.Errorf("ask Spark for its jobs: %w", err)
	}
	ours := make(map[int]bool)
	for _, j := range jobs {
		for _, stage := range j.Stages {
			ours[stage] = ours[stage] || j.Group == group
		}
	}
	var stages []Stage
	if len(ours) == 0 {
		return nil, nil
	}
	if err := c.get(ctx, at+"/stages?status=active", &stages); err != nil {
		return nil, fmt.Errorf("ask Spark for its stages: %w", err)
	}
	stages = slices.DeleteFunc(stages, func(s Stage) bool { return !ours[s.ID] || s.Tasks <= 0 })
	slices.SortFunc(stages, func(a, b Stage) int { return a.ID - b.ID })
	return stages, nil
}

func (c *Client) get(ctx context.Context, address string, v any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	return json.NewDecoder(io.LimitReader(resp.Body, maxBody)).Decode(v)
}
