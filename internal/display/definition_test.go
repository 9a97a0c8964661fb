// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package display

import (
	"strings"
	"testing"
)

// TestScalaLines joins what is one definition; a real Spark compiles both in
// the tests of cells.
func TestScalaLines(t *testing.T) {
	const source = `// About it.
object O {
  val url = "http://x" // where

  // What it does.
  def f(n: Int): String = n match {
    case 1 => "a"
    case _ =>
      "b" +
        Seq(1)
          .map(_ + 1).mkString
  }
}; O.f(NAME)
import O.f
`
	const want = `object O { val url = "http://x"; def f(n: Int): String = n match { case 1 => "a"; case _ => "b" + Seq(1) .map(_ + 1).mkString } }; O.f(2)
import O.f`
	if got := definition(source, "NAME", "2"); got != want {
		t.Errorf("got %s", got)
	}
	for code, lines := range map[string]int{Cells("n", true): 1, Scala("n"): 2} {
		if n := len(strings.Split(code, "\n")); n != lines {
			t.Errorf("%d lines, want %d: %s", n, lines, code)
		}
	}
}
