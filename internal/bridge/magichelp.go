// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"slices"
	"strings"
)

// magicDoc is what help and inspection tell of a magic.
type magicDoc struct {
	name, usage, text string
}

// magicDocs lists the magics in the order of the help.
var magicDocs = []magicDoc{
	{"pyspark", "%%pyspark", "run this cell as Python"},
	{"spark", "%%spark", "run this cell as Scala"},
	{"scala", "%%scala", "the same"},
	{"sql", "%%sql", "run this cell as SQL and show the result as a table"},
	{"sparkr", "%%sparkr", "run this cell as R"},
	{"configure", "%%configure [-f]", "settings of the session, as the JSON body of POST /sessions; -f ends a session that runs, and its variables"},
	{"info", "%%info", "the session of this notebook"},
	{"logs", "%%logs", "the last lines of the session's log"},
	{"session", "%%session [list|attach ID|share NAME|keep|new|stop]", "show the session or list all; take one up, share or keep it, renew or stop it"},
	{"cleanup", "%%cleanup", "stop the session of this notebook"},
	{"help", "%%help", "this list"},
	{"lsmagic", "%lsmagic", "this list"},
}

// elsewhere says what to use in place of a magic that other kernels have.
var elsewhere = map[string]string{
	"local":         "every cell runs on Spark; there is no local Python beside it",
	"send_to_spark": "put the value into a cell of its own: every cell runs on Spark",
	"manage_spark":  "use %%info, %%session and %%configure",
	"pretty":        "use the table of a %%sql cell, or df.show()",
	"display":       "use %table NAME, or df.show()",
	"delete":        "use %%session stop",
	"r":             "use %%sparkr",
	"R":             "use %%sparkr",
	"python":        "use %%pyspark",
	"python3":       "use %%pyspark",
	"bash":          "no shell runs here; use Python's subprocess in a %%pyspark cell",
	"sh":            "no shell runs here; use Python's subprocess in a %%pyspark cell",
	"html":          "HTML cannot be shown by a magic",
	"time":          "front-ends show a cell's time; or use Python's time module",
	"timeit":        "use Python's timeit module",
	"matplotlib":    "draw with matplotlib, then show the figure with %matplot plt as the cell's last line",
	"pip":           "packages belong to the cluster: name them in %%configure (pyFiles, jars, conf)",
	"conda":         "packages belong to the cluster: name them in %%configure (pyFiles, jars, conf)",
	"run":           "notebooks cannot be included; copy the cells",
	"load_ext":      "extensions of IPython do not exist here",
	"cd":            "use os.chdir in a cell; it moves the driver",
	"env":           "use os.environ in a cell, or conf in %%configure",
	"who":           "use dir() in a cell",
	"whos":          "use dir() in a cell",
}

// helpText is the answer to %%help.
func helpText() string {
	var b strings.Builder
	width := 0
	for _, d := range magicDocs {
		width = max(width, len(d.usage))
	}
	b.WriteString("The first line of a cell may be one of these:\n\n")
	for _, d := range magicDocs {
		fmt.Fprintf(&b, "  %-*s  %s\n", width, d.usage, d.text)
	}
	b.WriteString("\nIn Python and Scala cells, Livy itself knows %json NAME, %table NAME and, in Python, %matplot plt.\n")
	return b.String()
}

// adviseMagic says what to do about a magic that does not exist here.
func adviseMagic(m magic) string {
	if m.sign == "!" {
		return "no shell runs here; use Python's subprocess in a %%pyspark cell"
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
