// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

// errJavaEnded is a start that failed in Java, which then said why in the log.
var errJavaEnded = errors.New("Java ended before Spark was up") //nolint:staticcheck // a name

// startError is the driver's own account of why Spark did not start.
func startError(a answer) error {
	if a.JavaEnded {
		return errJavaEnded
	}
	return fmt.Errorf("Spark did not start: %s", a.Reason) //nolint:staticcheck // a name
}

// chatter matches what Java and Spark say before and after the reason.
var chatter = lazyregexp.New(`^(Picked up |Setting default log level|To adjust logging|Warning: |` +
	`Error occurred during initialization of VM$|Error: Could not create the Java|Error: A fatal exception|\s*$|\d\d/\d\d/\d\d )`)

// thrown begins the line of an exception that ended Java.
const thrown = `Exception in thread "main" `

// reasonLine hands on the lines of a log and remembers the one that says why
// Java ended: that of an exception, else the first that is not chatter.
type reasonLine struct {
	log  func(string)
	mu   sync.Mutex
	line string
	sure bool
}

func (r *reasonLine) add(line string) {
	r.log(line)
	r.mu.Lock()
	defer r.mu.Unlock()
	if said, ok := strings.CutPrefix(line, thrown); ok && !r.sure {
		r.line, r.sure = said, true
	} else if r.line == "" && !chatter.MatchString(line) {
		r.line = line
	}
}

// explain adds to an errJavaEnded why Java ended. The driver has ended.
func (r *reasonLine) explain(err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if errors.Is(err, errJavaEnded) && r.line != "" {
		return fmt.Errorf("%w: %s", err, r.line)
	}
	return err
}
