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

// ofFabric are settings of Fabric's own notebooks, and the settings of Spark that
// do the same for a session of the Livy API. The value of each is a function of
// the JSON that %%configure is given; "" leaves the setting out.
var ofFabric = map[string]struct {
	key  string
	read func(settings, json.RawMessage) (string, error)
}{
	"environment":      {"spark.fabric.environmentDetails", environment},
	"useWorkspacePool": {"spark.fabric.pool.name", workspacePool},
	"useStarterPool":   {"spark.fabric.pools.skipStarterPools", starterPool},
	"defaultLakehouse": {"spark.targetLakehouse", defaultLakehouse},
}

// environment gives the session an Environment, and with it that one's pool.
func environment(_ settings, raw json.RawMessage) (string, error) {
	var e struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(raw, &e) != nil || !livy.SessionID(e.ID).Valid() {
		return "", errors.New(`environment must be an object such as {"id": "the GUID of the Environment"}`)
	}
	details, err := json.Marshal(e)
	return string(details), err
}

func workspacePool(_ settings, raw json.RawMessage) (string, error) {
	var name string
	if json.Unmarshal(raw, &name) != nil || strings.TrimSpace(name) == "" {
		return "", errors.New("useWorkspacePool must be the name of a pool of the workspace")
	}
	return name, nil
}

func starterPool(_ settings, raw json.RawMessage) (string, error) {
	var use bool
	if json.Unmarshal(raw, &use) != nil {
		return "", errors.New("useStarterPool must be true or false")
	}
	if use {
		return "", nil // as it is without a setting
	}
	return "true", nil
}

// defaultLakehouse chooses the lakehouse of Spark's tables. That of the endpoint
// needs no setting, and costs nothing.
func defaultLakehouse(s settings, raw json.RawMessage) (string, error) {
	var l struct {
		ID        string `json:"id"`
		Workspace string `json:"workspaceId"`
	}
	if json.Unmarshal(raw, &l) != nil || !livy.SessionID(l.ID).Valid() {
		return "", errors.New(`defaultLakehouse must be an object such as {"id": "the GUID of the lakehouse"}`)
	}
	switch {
	case l.Workspace != "" && !strings.EqualFold(l.Workspace, s.fabric.Workspace):
		return "", errors.New("defaultLakehouse is in another workspace; install a profile with the connection string of that one")
	case strings.EqualFold(l.ID, s.fabric.Lakehouse):
		return "", nil
	}
	return l.ID, nil
}

// ofNotebooks are settings that only Fabric's own notebooks have, and what does
// the same here.
var ofNotebooks = map[string]string{
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
