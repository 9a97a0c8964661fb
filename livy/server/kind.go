// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import "github.com/livy-kernel/livy-kernel/livy"

// kinds maps every word for a kind that Apache Livy takes to the kind.
var kinds = map[livy.Kind]livy.Kind{
	"spark": livy.KindSpark, "scala": livy.KindSpark,
	"pyspark": livy.KindPySpark, "python": livy.KindPySpark,
	"sparkr": livy.KindSparkR, "r": livy.KindSparkR,
	"sql":    livy.KindSQL,
	"shared": livy.KindShared,
}

// kindError refuses a kind. It is worded as Apache Livy's, for clients that
// look for it; the real server goes on with a stack trace.
type kindError string

func (e kindError) Error() string { return "java.lang.IllegalArgumentException: " + string(e) }

// statementKind returns the language of a statement that asks for the kind
// asked, nil for none, in a session of kind session.
func statementKind(asked *livy.Kind, session livy.Kind) (livy.Kind, error) {
	if asked == nil {
		if session == livy.KindShared {
			return "", kindError("Code type should be specified if session kind is shared")
		}
		return session, nil
	}
	kind, ok := kinds[*asked]
	if !ok || kind == livy.KindShared {
		return "", kindError("Invalid kind: " + string(*asked))
	}
	return kind, nil
}
