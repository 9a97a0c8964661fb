// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

// Installation is Spark with its Python and its Java, set up on this machine.
// Paths are absolute.
type Installation struct {
	Dir           string `json:"dir"`       // what was set up lies below it
	Python        string `json:"python"`    // the interpreter that has the pyspark package
	SparkHome     string `json:"sparkHome"` // the folder of that package
	JavaHome      string `json:"javaHome"`
	PythonVersion string `json:"pythonVersion"`
	SparkVersion  string `json:"sparkVersion"`
	JavaVersion   string `json:"javaVersion"`
}
