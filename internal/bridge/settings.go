// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/livy-kernel/livy-kernel/livy"
)

// environmentKey is the setting of Spark by which a session of Fabric is given
// an Environment, in the words of Fabric's documentation.
const environmentKey = "spark.fabric.environmentDetails"

// environment returns the value of environmentKey for {"id": GUID}. The pool
// is that of the Environment.
func environment(raw json.RawMessage) (string, error) {
	var e struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(raw, &e) != nil || !livy.SessionID(e.ID).Valid() {
		return "", errors.New(`environment must be an object such as {"id": "the GUID of the Environment"}`)
	}
	details, err := json.Marshal(e)
	return string(details), err
}

// ofNotebooks are settings that Fabric's own notebooks have, and what does the
// same here.
var ofNotebooks = map[string]string{
	"defaultLakehouse":        "the lakehouse is the one of the profile's endpoint; install another profile for another one",
	"useStarterPool":          "a session without settings is taken from the starter pool",
	"useWorkspacePool":        `the pool is that of the Environment, as in {"environment": {"id": "GUID"}}`,
	"mountPoints":             "mount what you need in a cell, with notebookutils",
	"sessionTimeoutInSeconds": "keep_alive in the profile says for how long an idle session is kept alive",
}

// unknown refuses a setting that the server does not have.
func (s settings) unknown(name string) error {
	if advice := ofNotebooks[name]; advice != "" && s.dialect == livy.DialectFabric {
		return fmt.Errorf("there is no setting %q here: %s", name, advice)
	}
	return fmt.Errorf("there is no setting %q; there are %s", name, strings.Join(s.names, ", "))
}

// check refuses what the server would, or what would leave cells without a
// driver to run in.
func (s settings) check(r livy.CreateSessionRequest) error {
	if _, ok := r.Conf["spark.submit.deployMode"]; ok {
		return errors.New(`conf: "spark.submit.deployMode" is the server's to choose`)
	}
	if !s.remote {
		return nil
	}
	for name, files := range map[string][]string{"jars": r.Jars, "pyFiles": r.PyFiles, "files": r.Files, "archives": r.Archives} {
		for _, file := range files {
			if strings.HasPrefix(strings.ToLower(file), "file:") {
				return fmt.Errorf("%s: %s is on the server's machine, where Livy takes no files from; put it where Spark can read it, such as hdfs:// or abfss:// paths", name, oneLine(file))
			}
		}
	}
	return nil
}
