// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernelspec

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy"
)

// Spec is the content of kernel.json. It holds nothing secret: everybody on
// the machine can read it.
type Spec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env,omitempty"`
	Metadata      Metadata          `json:"metadata"`
}

// Metadata is the object of that name in kernel.json.
type Metadata struct {
	Debugger bool `json:"debugger"`
	// Owner marks the kernelspecs of this program; others are never touched.
	Owner *Owner `json:"livy_kernel,omitempty"`
}

// Owner tells what a kernelspec stands for.
type Owner struct {
	Profile string    `json:"profile"`
	Kind    livy.Kind `json:"kind"`
}

// Request is what a kernelspec is made of.
type Request struct {
	Binary      string // absolute path of livy-kernel
	ConfigFile  string // absolute path of the configuration file
	Profile     string
	Kind        livy.Kind
	DisplayName string // the usual one when empty
}

// kind is what a language of cells means to Jupyter. The languages are plain
// names, which clients match against lexers and notebooks.
//
// That of shared is one that VS Code does not know. There all cells of a
// notebook stay in their languages; for a known one VS Code changes, in the
// file, those that it holds for foreign to it.
type kind struct{ language, title string }

var kinds = map[livy.Kind]kind{
	livy.KindPySpark: {"python", "PySpark"},
	livy.KindSpark:   {"scala", "Spark Scala"},
	livy.KindSQL:     {"sql", "Spark SQL"},
	livy.KindShared:  {"spark", "Spark, all languages"},
}

// Kinds returns the kinds that there are kernelspecs for, in the order in
// which they are offered.
func Kinds() []livy.Kind { return append(DefaultKinds(), livy.KindShared) }

// DefaultKinds returns those that are for everybody: the other one is for
// notebooks of VS Code that mix languages, and has no completion there.
func DefaultKinds() []livy.Kind {
	return []livy.Kind{livy.KindPySpark, livy.KindSpark, livy.KindSQL}
}

var profilePattern = lazyregexp.New(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// Folder returns the name of the kernelspec of a profile and a kind, which is
// what notebooks and nbconvert call the kernel.
func Folder(profile string, kind livy.Kind) string { return "livy-" + profile + "-" + string(kind) }

// New returns the kernelspec for a request.
//
// For language python VS Code mangles the kernel's name when argv holds more
// than these three; the rest is told by env, which there beats the workspace's
// .env file. For other languages the .env file would win, so it stands in argv.
func New(r Request) (Spec, error) {
	kind, ok := kinds[r.Kind]
	if !ok {
		return Spec{}, fmt.Errorf("there is no kernelspec for kind %q", r.Kind)
	}
	if !profilePattern.MatchString(r.Profile) {
		return Spec{}, fmt.Errorf("profile %q cannot be part of a kernelspec's name", r.Profile)
	}
	for _, path := range []string{r.Binary, r.ConfigFile} {
		if err := checkPath(path); err != nil {
			return Spec{}, err
		}
	}
	spec := Spec{
		Argv:          []string{r.Binary, "-f", "{connection_file}"},
		DisplayName:   r.DisplayName,
		Language:      kind.language,
		InterruptMode: "message",
		Metadata:      Metadata{Owner: &Owner{Profile: r.Profile, Kind: r.Kind}},
	}
	if spec.DisplayName == "" {
		spec.DisplayName = kind.title + " (" + r.Profile + ")"
	}
	if kind.language == "python" {
		spec.Env = map[string]string{
			"LIVY_KERNEL_PROFILE": r.Profile, "LIVY_KERNEL_KIND": string(r.Kind), "LIVY_KERNEL_CONFIG": r.ConfigFile,
		}
	} else {
		spec.Argv = append(spec.Argv, "--profile", r.Profile, "--kind", string(r.Kind), "--config", r.ConfigFile)
	}
	return spec, nil
}

// checkPath refuses what Jupyter would replace: {name} in argv, $name in env.
func checkPath(path string) error {
	if !filepath.IsAbs(path) {
		return fmt.Errorf("%q is not an absolute path", path)
	}
	if strings.ContainsAny(path, "${}") {
		return fmt.Errorf("%q holds one of the characters $ { }, which Jupyter replaces in a kernelspec", path)
	}
	return nil
}

// equal reports whether two specs say the same.
func (s Spec) equal(o Spec) bool {
	same := s.Metadata.Owner == o.Metadata.Owner ||
		s.Metadata.Owner != nil && o.Metadata.Owner != nil && *s.Metadata.Owner == *o.Metadata.Owner
	return same && slices.Equal(s.Argv, o.Argv) && s.DisplayName == o.DisplayName && s.Language == o.Language &&
		s.InterruptMode == o.InterruptMode && maps.Equal(s.Env, o.Env) && s.Metadata.Debugger == o.Metadata.Debugger
}

// ErrForeign refuses to touch a folder that holds something else than a
// kernelspec of this program.
var ErrForeign = errors.New("it is not a kernelspec of livy-kernel; remove it by hand or choose another profile name")
