// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernelspec

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/livy-kernel/livy-kernel/livy"
)

//go:embed logos
var logos embed.FS

// specFile is the file that makes a folder a kernelspec.
const specFile = "kernel.json"

// maxSpec is far above what a kernel.json holds.
const maxSpec = 1 << 20

// files returns the content of the folder of a spec, by name.
func (s Spec) files() (map[string][]byte, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(s); err != nil {
		return nil, err
	}
	all := map[string][]byte{specFile: text.Bytes()}
	for _, name := range []string{"logo-32x32.png", "logo-64x64.png", "logo-svg.svg"} {
		data, err := logo(s.Metadata.Owner.Kind, name)
		if err != nil {
			return nil, err
		}
		all[name] = data
	}
	return all, nil
}

func logo(kind livy.Kind, name string) ([]byte, error) {
	return logos.ReadFile(path.Join("logos", string(kind), name))
}

// read returns the spec in folder. ErrForeign tells that there is something
// else; fs.ErrNotExist, that there is nothing.
func read(folder string) (Spec, error) {
	info, err := os.Lstat(folder)
	if err != nil {
		return Spec{}, err
	}
	if !info.IsDir() {
		return Spec{}, fmt.Errorf("%s: %w", folder, ErrForeign)
	}
	f, err := os.Open(filepath.Join(folder, specFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Spec{}, fmt.Errorf("%s: %w", folder, ErrForeign)
	}
	if err != nil {
		return Spec{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSpec))
	if err != nil {
		return Spec{}, err
	}
	spec, err := parse(data)
	if err != nil {
		return Spec{}, fmt.Errorf("%s: %w", folder, err)
	}
	return spec, nil
}

// parse reads a kernel.json of ours; any other is ErrForeign.
func parse(data []byte) (Spec, error) {
	var spec Spec
	if err := json.Unmarshal(data, &spec); err != nil {
		return Spec{}, ErrForeign
	}
	if spec.Metadata.Owner == nil || spec.Metadata.Owner.Profile == "" || len(spec.Argv) == 0 {
		return Spec{}, ErrForeign
	}
	return spec, nil
}
