// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/livy-kernel/livy-kernel/livy"
)

// outputDirKey names where the Scala REPL writes its classes.
const outputDirKey = "spark.repl.class.outputDir"

// tmpDir is the folder of Java's temporary files within the scratch folder.
const tmpDir = "tmp"

// sparkConf returns the Spark settings of a session: what keeps it on this
// machine and within scratch, then what the client asked for.
func sparkConf(req livy.CreateSessionRequest, scratch string) map[string]string {
	conf := map[string]string{
		"spark.master":                    "local[*]",
		"spark.app.name":                  "livy-kernel",
		"spark.driver.host":               "127.0.0.1",
		"spark.driver.bindAddress":        "127.0.0.1",
		"spark.local.dir":                 scratch,
		"spark.sql.warehouse.dir":         filepath.Join(scratch, "warehouse"),
		"spark.sql.catalogImplementation": "in-memory",
		"spark.ui.showConsoleProgress":    "false",
		"spark.ui.port":                   "0", // any free one
		// Spark's default of 200 is for clusters; here each is a task of a few
		// milliseconds on the same few cores.
		"spark.sql.shuffle.partitions": fmt.Sprint(2 * runtime.NumCPU()),
		// How long a Python worker may go on after its job was cancelled; 2s
		// would hold up the next cell.
		"spark.python.task.killTimeout": "200ms",
	}
	set := func(key, value string) {
		if value != "" {
			conf[key] = value
		}
	}
	maps.Copy(conf, req.Conf)
	if _, set := conf["spark.authenticate"]; !set && strings.HasPrefix(conf["spark.master"], "local") {
		conf["spark.authenticate"] = "true" // with a secret that Spark makes up
	}
	set("spark.app.name", req.Name)
	set("spark.driver.memory", req.DriverMemory)
	set("spark.jars", strings.Join(req.Jars, ","))
	set("spark.submit.pyFiles", strings.Join(req.PyFiles, ","))
	set("spark.files", strings.Join(req.Files, ","))
	set("spark.archives", strings.Join(req.Archives, ","))
	conf[outputDirKey] = filepath.Join(scratch, "classes")
	return conf
}

// propertiesFile writes conf in the format of java.util.Properties. A file,
// unlike arguments, is seen by its owner alone.
func propertiesFile(conf map[string]string) []byte {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(conf)) {
		fmt.Fprintf(&b, "%s=%s\n", escapeProperty(key, true), escapeProperty(conf[key], false))
	}
	return []byte(b.String())
}

func escapeProperty(s string, key bool) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\\', r == ' ' && (key || i == 0), key && strings.ContainsRune("=:#!", r):
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// environment returns env with what the installation needs, and without the
// settings of another Spark or Python.
func environment(env []string, install Installation, scratch string) []string {
	ours := map[string]string{
		"SPARK_HOME":            install.SparkHome,
		"JAVA_HOME":             install.JavaHome,
		"PYSPARK_PYTHON":        install.Python,
		"PYSPARK_DRIVER_PYTHON": install.Python,
		"SPARK_LOCAL_IP":        "127.0.0.1",
		"SPARK_SUBMIT_OPTS": fmt.Sprintf(`"-Djava.io.tmpdir=%s" "-Dderby.system.home=%s"`,
			filepath.Join(scratch, tmpDir), scratch),
		"MPLBACKEND":       "Agg",
		"PYTHONIOENCODING": "utf-8",
	}
	var out []string
	for _, entry := range env {
		name, _, _ := strings.Cut(entry, "=")
		if _, replaced := ours[name]; !replaced && !foreign(name) {
			out = append(out, entry)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		out = append(out, name+"="+ours[name])
	}
	return out
}

// foreign reports whether a variable tells about another installation.
func foreign(name string) bool {
	return strings.HasPrefix(name, "SPARK_") || strings.HasPrefix(name, "PYSPARK_") ||
		slices.Contains([]string{"PYTHONHOME", "PYTHONPATH", "HADOOP_CONF_DIR", "YARN_CONF_DIR"}, name)
}
