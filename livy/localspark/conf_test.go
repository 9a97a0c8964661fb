// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"slices"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
)

func TestSparkConf(t *testing.T) {
	request := livy.CreateSessionRequest{
		Name: "mine", DriverMemory: "2g", Jars: []string{"a.jar", "b.jar"}, PyFiles: []string{"c.py"},
		Conf: map[string]string{"spark.app.name": "other", "spark.ui.port": "4040", outputDirKey: "elsewhere"},
	}
	conf := sparkConf(request, "scratch")
	for key, want := range map[string]string{
		"spark.master":            "local[*]",
		"spark.app.name":          "mine", // the name beats the conf
		"spark.driver.memory":     "2g",
		"spark.jars":              "a.jar,b.jar",
		"spark.submit.pyFiles":    "c.py",
		"spark.ui.port":           "4040",      // the conf beats the default
		"spark.driver.host":       "127.0.0.1", // nobody else may connect
		"spark.authenticate":      "true",
		"spark.sql.warehouse.dir": "scratch/warehouse",
		outputDirKey:              "scratch/classes", // the driver's own
	} {
		if got := strings.ReplaceAll(conf[key], `\`, "/"); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	// Spark makes up a secret for a local master alone.
	conf = sparkConf(livy.CreateSessionRequest{Conf: map[string]string{"spark.master": "spark://host:7077"}}, "scratch")
	if got, set := conf["spark.authenticate"]; set {
		t.Errorf("spark.authenticate is %q for a cluster", got)
	}
}

func TestPropertiesFile(t *testing.T) {
	got := string(propertiesFile(map[string]string{
		"a":       "plain words = and : as they are",
		"b c=d":   " leading space",
		"e":       "two\nlines\tand a tab",
		"windows": `C:\Users\é`,
	}))
	want := "a=plain words = and : as they are\n" +
		`b\ c\=d=\ leading space` + "\n" +
		`e=two\nlines\tand a tab` + "\n" +
		`windows=C:\\Users\\é` + "\n"
	if got != want {
		t.Errorf("the file is\n%s, want\n%s", got, want)
	}
}

func TestEnvironment(t *testing.T) {
	env := environment([]string{
		"HOME=/home/me", "SPARK_HOME=/other", "SPARK_CONF_DIR=/other/conf", "PYSPARK_SUBMIT_ARGS=--master yarn",
		"PYTHONPATH=/other/lib", "JAVA_HOME=/other/java", "GREEN_TAXI=file",
	}, Installation{Python: "/v/bin/python", SparkHome: "/v/pyspark", JavaHome: "/java"}, "/scratch dir")
	for _, want := range []string{
		"HOME=/home/me", "GREEN_TAXI=file", "SPARK_HOME=/v/pyspark", "JAVA_HOME=/java", "PYSPARK_PYTHON=/v/bin/python", "SPARK_LOCAL_IP=127.0.0.1",
	} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is missing in %q", want, env)
		}
	}
	for _, entry := range env {
		if strings.Contains(entry, "other") || strings.Contains(entry, "yarn") {
			t.Errorf("%s is inherited", entry)
		}
	}
}
