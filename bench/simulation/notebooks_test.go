// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package simulation

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/budget"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// perMinute is how many requests Fabric takes of one identity.
const perMinute = 200

// What the notebooks do: cells of cellTime, with thinkTime between them.
const (
	cellTime  = 5 * time.Second
	thinkTime = 25 * time.Second
)

// crowd is what many notebooks of one identity came to.
type crowd struct {
	Notebooks int     `json:"notebooks"`
	Cells     int     `json:"cells"`
	Minutes   float64 `json:"minutes"`
	sent
	PerMinute  int     `json:"most_per_minute"` // that the server took, in any minute
	DeadMedian float64 `json:"dead_median_s"`   // from a cell's own length to its end
	Dead95     float64 `json:"dead_p95_s"`
	DeadMost   float64 `json:"dead_most_s"`
	StartMost  float64 `json:"start_most_s"` // the first cell, with its session
	FewestOf   int     `json:"fewest_cells"` // of any notebook
	MostOf     int     `json:"most_cells"`
	Fairness   float64 `json:"fairness"` // Jain's index of the cells: 1 is the same for each
}

// TestNotebooksOfOneIdentity opens more and more notebooks on a server that
// takes 200 requests a minute: none of them is refused or forgotten.
func TestNotebooksOfOneIdentity(t *testing.T) {
	var figure []crowd
	for _, c := range []struct {
		notebooks int
		open      time.Duration
		most      time.Duration // that a cell may take beside its own length
		fairness  float64
	}{
		{1, 30 * time.Minute, 3 * time.Second, 1},
		{10, 30 * time.Minute, 10 * time.Second, 0.95},
		{100, 30 * time.Minute, 5 * time.Minute, 0.9},
		{1000, 90 * time.Minute, 90 * time.Minute, 0.8},
	} {
		if c.notebooks > 10 && testing.Short() || c.notebooks > 100 && *jsonDir == "" {
			continue // half a minute, for the figure alone
		}
		t.Run(fmt.Sprint(c.notebooks), func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				got := simulate(t, dir, c.notebooks, c.open)
				figure = append(figure, got)
				if got.Refused > 0 || got.PerMinute > perMinute {
					t.Errorf("%d requests refused, %d in a minute", got.Refused, got.PerMinute)
				}
				if got.DeadMost > c.most.Seconds() || got.Fairness < c.fairness {
					t.Errorf("a cell took %.0f s more than its length, fairness %.2f", got.DeadMost, got.Fairness)
				}
			})
		})
	}
	save(t, "notebooks", figure)
}

func simulate(t *testing.T, dir string, n int, open time.Duration) crowd {
	w := newWorld(t, kindFabric(), livytest.WithQuota(perMinute))
	defer w.close()
	figure := crowd{Notebooks: n}
	random := rand.New(rand.NewPCG(1, 2)) // the same for each run
	began := time.Now()
	var mu sync.Mutex
	var dead []time.Duration
	cells := make([]int, n)
	var all sync.WaitGroup
	for i := range n {
		opened := time.Duration(random.Float64() * float64(thinkTime))
		share := budget.Open(dir, "one", perMinute, slog.New(slog.DiscardHandler))
		all.Go(func() {
			time.Sleep(opened)
			notebook := w.notebook(share)
			start := w.run(notebook, "first")
			mu.Lock()
			figure.StartMost = max(figure.StartMost, start.Seconds())
			mu.Unlock()
			for time.Since(began) < open {
				took := w.run(notebook, fmt.Sprintf("sleep %v", cellTime.Seconds()))
				mu.Lock()
				dead = append(dead, took-cellTime)
				mu.Unlock()
				cells[i]++
				time.Sleep(thinkTime)
			}
			if err := notebook.Close(context.Background(), false); err != nil {
				t.Errorf("notebook %d does not close: %v", i, err)
			}
		})
	}
	all.Wait()
	figure.Minutes = time.Since(began).Minutes()
	figure.sent, figure.PerMinute = w.since(0), w.mostInAMinute()
	figure.Cells, figure.Fairness = len(dead), jain(cells)
	figure.FewestOf, figure.MostOf = slices.Min(cells), slices.Max(cells)
	figure.DeadMedian, figure.Dead95, figure.DeadMost = quantile(dead, 0.5), quantile(dead, 0.95), quantile(dead, 1)
	return figure
}

// mostInAMinute is how many requests the server took in any minute.
func (w *world) mostInAMinute() int {
	var window []time.Time
	most := 0
	for _, r := range w.server.Requests() {
		if r.Status == http.StatusTooManyRequests {
			continue
		}
		window = append(window, r.Time)
		for r.Time.Sub(window[0]) >= time.Minute {
			window = window[1:]
		}
		most = max(most, len(window))
	}
	return most
}

// quantile returns the value, in seconds, below which a share of them lies.
func quantile(values []time.Duration, share float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[int(share*float64(len(sorted)-1))].Seconds()
}

// jain is Jain's index of fairness: 1 where all have the same, 1/n where one
// has everything.
func jain(shares []int) float64 {
	var sum, squares float64
	for _, s := range shares {
		sum += float64(s)
		squares += float64(s) * float64(s)
	}
	return sum * sum / (squares * float64(len(shares)))
}
