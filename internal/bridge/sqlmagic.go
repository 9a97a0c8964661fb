// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	_ "embed" // for the program
	"fmt"
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

// sqlProgram is the Python that a %%sql cell with options becomes: a statement
// of Livy's SQL interpreter takes none.
//
//go:embed sqlmagic.py
var sqlProgram string

// maxSQLRows is the most rows that a table shows.
const maxSQLRows = 1000

// sqlOptions are those of %%sql. There is no Python beside Spark that could
// hold the result, so that -o names a variable of the session.
type sqlOptions struct {
	name     string  // of the DataFrame to keep; may be empty
	rows     int     // to show at most
	quiet    bool    // show none
	fraction float64 // of the rows to choose from; 1 for all
}

var pythonName = lazyregexp.New(`^[A-Za-z_]\w*$`)

// parseSQLOptions reads the options at the beginning of args and returns what
// follows them.
func parseSQLOptions(args string) (o sqlOptions, rest string, err error) {
	o = sqlOptions{rows: maxSQLRows, fraction: 1}
	sample := false
	for strings.HasPrefix(args, "-") {
		var option, value string
		option, args = cutWord(args)
		if name, inline, found := strings.Cut(option, "="); found {
			option, value = name, inline
		} else if option != "-q" && option != "--quiet" {
			value, args = cutWord(args)
		}
		switch option {
		case "-q", "--quiet":
			o.quiet = true
		case "-o", "--output":
			if o.name = value; !pythonName.MatchString(value) {
				return o, "", fmt.Errorf("-o needs the name of a variable, not %q", value)
			}
		case "-n", "--limit", "--maxrows":
			if o.rows, err = strconv.Atoi(value); err != nil || o.rows < 1 || o.rows > maxSQLRows {
				return o, "", fmt.Errorf("-n is how many rows are shown, 1 to %d; -o NAME keeps all of them", maxSQLRows)
			}
		case "-m", "--samplemethod":
			if sample = value == "sample"; !sample && value != "take" {
				return o, "", fmt.Errorf("-m is take or sample, not %q", value)
			}
		case "-r", "--samplefraction":
			if o.fraction, err = strconv.ParseFloat(value, 64); err != nil || !(o.fraction > 0 && o.fraction <= 1) {
				return o, "", fmt.Errorf("-r is a fraction of the rows, above 0 and up to 1, not %q", value)
			}
		case "-c", "--coerce":
			return o, "", fmt.Errorf("%s is not needed: the values keep the types that Spark gives them", option)
		default:
			return o, "", fmt.Errorf("there is no option %s; there are -o NAME, -n ROWS, -q, -m take|sample and -r FRACTION", oneLine(option))
		}
	}
	if sample && o.fraction == 1 {
		o.fraction = 0.1 // as sparkmagic has it
	}
	return o, args, nil
}

func cutWord(s string) (word, rest string) {
	end := strings.IndexAny(s, " \t")
	if end < 0 {
		return s, ""
	}
	return s[:end], strings.TrimLeft(s[end:], " \t")
}

// program returns the Python that runs query.
func (o sqlOptions) program(query string) string {
	quiet := "False"
	if o.quiet {
		quiet = "True"
	}
	return sqlPrefix + strconv.QuoteToASCII(query) + "\n" + sqlProgram + fmt.Sprintf(`try:
    _livy_kernel_sql(spark.sql(_livy_kernel_query), %s, %d, %s, %g)
finally:
    del _livy_kernel_sql, _livy_kernel_query
`, strconv.QuoteToASCII(o.name), o.rows, quiet, o.fraction)
}

const sqlPrefix = "_livy_kernel_query = "

// queryOf returns the SQL of a program that program has made.
func queryOf(code string) (query string, ok bool) {
	line, _, _ := strings.Cut(code, "\n")
	quoted, ok := strings.CutPrefix(line, sqlPrefix)
	if !ok {
		return "", false
	}
	query, err := strconv.Unquote(quoted)
	return query, err == nil
}
