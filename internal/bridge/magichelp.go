// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"slices"
	"strings"
)

// magicDoc is what help and inspection tell of a magic, and what completion
// proposes behind its name.
type magicDoc struct {
	name, usage, text string
	options           []string
}

// magicDocs lists the magics in the order of the help.
var magicDocs = []magicDoc{
	{name: "pyspark", usage: "%%pyspark", text: "run this cell as Python"},
	{name: "spark", usage: "%%spark", text: "run this cell as Scala"},
	{name: "scala", usage: "%%scala", text: "the same"},
	{
		name: "sql", usage: "%%sql [-o NAME] [--limit ROWS] [--quiet] [-m sample] [-r FRACTION]",
		text:    "run this cell as SQL and show a table; keep it as DataFrame NAME, show so many rows, or none",
		options: []string{"-o", "--output", "-n", "--limit", "-q", "--quiet", "-m", "--samplemethod", "-r", "--samplefraction"},
	},
	{name: "sparkr", usage: "%%sparkr", text: "run this cell as R"},
	{
		name: "configure", usage: "%%configure [-f]", text: "settings of the session, as JSON for POST /sessions; -f ends one that runs",
		options: []string{"-f", "--force"},
	},
	{name: "info", usage: "%%info", text: "the session of this notebook"},
	{name: "logs", usage: "%%logs", text: "the last lines of the session's log"},
	{
		name: "tb", usage: "%tb [full|short]", text: "the last error whole; show every error whole, or folded again",
		options: []string{"full", "short"},
	},
	{
		name: "session", usage: "%%session [list|attach ID|share NAME|keep|new|stop]",
		text:    "show the session or list all; take one up, share or keep it, renew or stop it",
		options: []string{"list", "attach", "share", "keep", "new", "stop"},
	},
	{name: "cleanup", usage: "%%cleanup", text: "stop the session of this notebook"},
	{name: "help", usage: "%%help", text: "this list"},
	{name: "lsmagic", usage: "%lsmagic", text: "this list"},
}

// helpWidth is the width of the column of usages.
const helpWidth = 18

// helpText is the answer to %%help.
func helpText() string {
	var b strings.Builder
	b.WriteString("The first line of a cell may be one of these:\n\n")
	for _, d := range magicDocs {
		if len(d.usage) > helpWidth { // its text goes below it
			fmt.Fprintf(&b, "  %s\n", d.usage)
			fmt.Fprintf(&b, "  %-*s  %s\n", helpWidth, "", d.text)
			continue
		}
		fmt.Fprintf(&b, "  %-*s  %s\n", helpWidth, d.usage, d.text)
	}
	b.WriteString("\nIn Python and Scala cells, Livy itself knows %json NAME, %table NAME and, in Python, %matplot plt.\n")
	return b.String()
}

// sparkWords are what sparkmagic's %spark does, beside running code.
var sparkWords = []string{"add", "info", "config", "logs", "delete", "cleanup"}

// adviseMagic says what to do about a magic that does not exist here.
func adviseMagic(m magic) string {
	if m.sign == "!" {
		return "no shell runs here; use Python's subprocess in a %%pyspark cell"
	}
	if word, _, _ := strings.Cut(m.args, " "); m.sign == "%" && m.name == "spark" && slices.Contains(sparkWords, word) {
		return "use %%info, %%logs, %%session and %%configure"
	}
	if i := slices.IndexFunc(magicDocs, func(d magicDoc) bool { return d.name == m.name }); i >= 0 {
		return "use " + magicDocs[i].usage
	}
	if advice, ok := elsewhere[m.name]; ok {
		return advice
	}
	if names := closeNames(m.name); len(names) > 0 {
		return "did you mean " + strings.Join(names, " or ") + "? %%help lists what there is"
	}
	return "%%help lists what there is"
}

// closeNames returns the magics whose name is at most two letters off.
func closeNames(name string) []string {
	var names []string
	for _, d := range magicDocs {
		if distance(strings.ToLower(name), d.name) <= min(2, len(d.name)/2) {
			usage, _, _ := strings.Cut(d.usage, " ")
			names = append(names, usage)
		}
	}
	return names
}

// distance is the number of letters to change, add or drop between a and b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
