// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/complete"
	"github.com/livy-kernel/livy-kernel/livy"
)

// inspectScala tells the type of the name at the cursor, or the signatures of
// the method. The compiler finds them out: what stands before the name is
// passed by name, and never evaluated.
func (b *Bridge) inspectScala(ctx context.Context, code string, cursor int) description {
	of, ok := complete.SubjectScala(code, cursor)
	if !ok {
		return description{}
	}
	local := description{language: "scala", code: b.cells.DescribeScala(code, of[len(of)-1])}
	out, ok := b.ask(ctx, livy.StatementRequest{Code: scalaQuestion(of, b.mark), Kind: livy.KindSpark})
	if !ok || out.Status != "ok" {
		return local
	}
	var shown string
	if err := json.Unmarshal(out.Data["text/plain"], &shown); err != nil {
		return local
	}
	_, rest, _ := strings.Cut(shown, b.mark)
	text, _, found := strings.Cut(rest, b.mark)
	if !found || text == "" {
		return local
	}
	return description{language: "scala", code: text}
}

// scalaQuestion returns the code that asks for the type of a path of names. All
// its definitions are its own, and it has no value.
func scalaQuestion(of []string, mark string) string {
	path, name := strings.Join(of[:len(of)-1], "."), of[len(of)-1]
	typed := "def typed[T](x: => T)(implicit t: scala.reflect.runtime.universe.TypeTag[T]): scala.reflect.runtime.universe.Type = t.tpe; "
	asked := `"` + name + `: " + typed(` + name + `)`
	if path != "" {
		asked = "{ val of = typed(" + path + "); of.member(scala.reflect.runtime.universe.TermName(" + strconv.Quote(name) +
			`)).alternatives.map(a => a.name.toString + a.typeSignatureIn(of).toString).mkString("\n") }`
	}
	return "{ " + typed + "println(" + strconv.Quote(mark) + " + (" + asked + ") + " + strconv.Quote(mark) + ") }"
}
