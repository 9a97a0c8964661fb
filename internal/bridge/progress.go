// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"html"
	"math"
	"strings"
	"time"
)

// barWidth is the number of characters of the bar in plain text.
const barWidth = 20

// progressBar is the line of a cell whose Spark jobs run: a share of the tasks
// known so far.
func progressBar(share float64, after time.Duration) (text, markup string) {
	done := int(math.Round(share * barWidth))
	text = fmt.Sprintf("Spark [%s%s] %d %%, %d s", strings.Repeat("=", done), strings.Repeat(" ", barWidth-done), int(share*100), int(after.Seconds()))
	markup = fmt.Sprintf(`<progress max="100" value="%d"></progress> %s`, int(share*100), html.EscapeString(fmt.Sprintf("Spark %d %%, %d s", int(share*100), int(after.Seconds()))))
	return text, markup
}
