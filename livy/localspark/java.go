// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy/localspark/pyenv"
)

// java is a runtime that was run.
type java struct {
	home    string
	version string // major
}

// probeTimeout bounds a look at a Java.
const probeTimeout = 20 * time.Second

// javaVersions are those that Spark 3.5 runs on, the best first.
var javaVersions = []string{"17", "11", "8"}

// errNoJava tells that none of this machine's Javas fits.
var errNoJava = errors.New("no Java 8, 11 or 17 on this machine")

// findJava returns a fitting Java of this machine: JAVA_HOME, PATH, then the
// folders where systems keep them, as patterns. Each is run; one that is broken
// or of another version is passed over.
func findJava(ctx context.Context, env, folders []string, log *slog.Logger) (java, error) {
	var homes []string
	if home := pyenv.Lookup(env, "JAVA_HOME"); filepath.IsAbs(home) {
		homes = append(homes, home)
	}
	if program, err := pyenv.LookPath("java", env); err == nil {
		if real, err := filepath.EvalSymlinks(program); err == nil {
			homes = append(homes, filepath.Dir(filepath.Dir(real)))
		}
	}
	for _, pattern := range folders {
		found, _ := filepath.Glob(pattern) // The patterns are well-formed.
		homes = append(homes, found...)
	}
	var fit []java
	for _, home := range homes {
		j, err := probeJava(ctx, home, env)
		if ctx.Err() != nil {
			return java{}, context.Cause(ctx)
		}
		if err != nil {
			log.Info("this Java is passed over", "home", home, "err", err)
			continue
		}
		if i := slices.Index(javaVersions, j.version); i == 0 {
			return j, nil
		} else if i > 0 {
			fit = append(fit, j)
		}
	}
	for _, version := range javaVersions {
		for _, j := range fit {
			if j.version == version {
				return j, nil
			}
		}
	}
	return java{}, errNoJava
}

// javaFolders are where installers put Java.
func javaFolders(goos string, env []string) []string {
	switch goos {
	case "windows":
		files := pyenv.Lookup(env, "ProgramFiles")
		if files == "" {
			files = `C:\Program Files`
		}
		return []string{files + `\Eclipse Adoptium\*`, files + `\Java\*`, files + `\Microsoft\jdk-*`, files + `\Zulu\*`}
	case "darwin":
		return []string{"/Library/Java/JavaVirtualMachines/*/Contents/Home", "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home"}
	}
	return []string{"/usr/lib/jvm/*", "/opt/java/*"}
}

// javaProgram is where the java of a home lies.
func javaProgram(home string) string {
	name := "java"
	if runtime.GOOS == "windows" {
		name = "java.exe"
	}
	return filepath.Join(home, "bin", name)
}

func probeJava(ctx context.Context, home string, env []string) (java, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, javaProgram(home), "-version")
	cmd.Env = env
	said, err := cmd.CombinedOutput()
	if err != nil {
		if why, _, _ := strings.Cut(strings.TrimSpace(string(said)), "\n"); why != "" {
			err = fmt.Errorf("%w, %s", err, why)
		}
		return java{}, fmt.Errorf("run %s: %w", javaProgram(home), err)
	}
	version := javaMajor(string(said))
	if version == "" {
		return java{}, fmt.Errorf("%s does not tell its version", javaProgram(home))
	}
	return java{home: home, version: version}, nil
}

var javaVersionLine = lazyregexp.New(`version "(?:1\.)?(\d+)`)

// javaMajor reads the major version out of what java -version prints; 1.8 is 8.
func javaMajor(said string) string {
	if found := javaVersionLine.Get().FindStringSubmatch(said); found != nil {
		return found[1]
	}
	return ""
}

// wheelJava returns the runtime that came with a Python package.
func wheelJava(ctx context.Context, e *pyenv.Environment, env []string) (java, error) {
	folder, err := e.ModuleFolder(ctx, jreModule)
	if err != nil {
		return java{}, err
	}
	j, err := probeJava(ctx, filepath.Join(folder, "java-runtime"), env)
	if err != nil {
		return java{}, &pyenv.Error{Sentence: "the Java runtime from the package index does not run on this machine; install Java " + strings.Join(javaVersions, " or "), Err: err}
	}
	return j, nil
}
