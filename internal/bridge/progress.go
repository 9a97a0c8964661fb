// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"html"
	"math"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/sparkui"
)

const (
	barWidth     = 20 // characters of a bar in plain text
	maxStages    = 5  // that are shown at once
	maxStageName = 60 // characters
)

// progressLine is the line of a cell whose Spark jobs run: a share of the tasks
// known so far, and below it the stages that run now, where they are known.
func progressLine(share float64, stages []sparkui.Stage, after time.Duration) (text, markup string) {
	percent := int(share * 100)
	text = fmt.Sprintf("Spark [%s] %d %%, %d s", bar(share), percent, int(after.Seconds()))
	markup = fmt.Sprintf(`<progress max="100" value="%d"></progress> Spark %d %%, %d s`, percent, percent, int(after.Seconds()))
	for i, s := range stages {
		if i == maxStages {
			more := fmt.Sprintf("and %d more stages", len(stages)-i)
			return text + "\n      " + more, markup + "<br>" + more
		}
		told := stageText(s)
		text += fmt.Sprintf("\n      [%s] %s", bar(float64(s.Done)/float64(s.Tasks)), told)
		markup += fmt.Sprintf(`<br><progress max="%d" value="%d"></progress> %s`, s.Tasks, s.Done, html.EscapeString(told))
	}
	return text, markup
}

// progressEnded is what the line becomes where it cannot be taken back.
func progressEnded(after time.Duration) string {
	return fmt.Sprintf("Spark: %d s", int(after.Seconds()))
}

func bar(share float64) string {
	done := int(math.Round(min(max(share, 0), 1) * barWidth))
	return strings.Repeat("=", done) + strings.Repeat(" ", barWidth-done)
}

// stageText says where a stage is.
func stageText(s sparkui.Stage) string {
	text := fmt.Sprintf("stage %d: %d of %d tasks", s.ID, s.Done, s.Tasks)
	if s.Active > 0 {
		text += fmt.Sprintf(", %d running", s.Active)
	}
	if s.Failed > 0 {
		text += fmt.Sprintf(", %d failed", s.Failed)
	}
	name := []rune(oneLine(s.Name))
	return text + " (" + string(name[:min(len(name), maxStageName)]) + ")"
}
