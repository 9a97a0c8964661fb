// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
)

var update = flag.Bool("update", false, "write docs/configuration.md anew")

const document = "../../docs/configuration.md"

// docs/configuration.md is what the comments of this package say of each key
// and each variable.
func TestConfigurationDocument(t *testing.T) {
	source := readSource(t)
	page, err := template.New("configuration.md").Funcs(template.FuncMap{
		"paths": pathRows, "keys": source.keys, "variables": source.variables,
	}).ParseFiles("testdata/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	var made bytes.Buffer
	if err := page.Execute(&made, nil); err != nil {
		t.Fatal(err)
	}
	if left := slices.Collect(maps.Keys(source.left)); len(left) > 0 {
		t.Errorf("the page leaves out %v", left)
	}
	if *update {
		if err := os.WriteFile(document, made.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if stands, err := os.ReadFile(document); err != nil || !bytes.Equal(stands, made.Bytes()) {
		t.Errorf("%s is stale (%v); run: go test ./internal/config -update", document, err)
	}
	for _, c := range (Profile{}).choices() {
		key := c.key[strings.LastIndex(c.key, ".")+1:]
		row := regexp.MustCompile("(?m)^\\| `" + key + "` .*$").FindString(made.String())
		for _, value := range c.allowed {
			if !strings.Contains(row, `"`+value+`"`) {
				t.Errorf("the row of %s does not name %q", key, value)
			}
		}
	}
}

// source is what the package's comments say.
type source struct {
	structs   map[string]*ast.StructType
	variable  map[string]string
	left      map[string]bool // structs and variables not yet on the page
	wantTypes map[string]reflect.Type
}

func readSource(t *testing.T) source {
	t.Helper()
	s := source{
		structs: make(map[string]*ast.StructType), variable: make(map[string]string), left: make(map[string]bool),
		wantTypes: map[string]reflect.Type{
			"Profile": reflect.TypeFor[Profile](), "Entra": reflect.TypeFor[Entra](), "Kernel": reflect.TypeFor[Kernel](),
			"Spark": reflect.TypeFor[Spark](), "sessionTable": reflect.TypeFor[sessionTable](),
		},
	}
	for _, name := range []string{"profile.go", "entra.go", "session.go", "tables.go", "environ.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if def, ok := n.(*ast.TypeSpec); ok {
				if body, ok := def.Type.(*ast.StructType); ok {
					s.structs[def.Name.Name] = body
				}
			}
			return true
		})
	}
	for name := range s.wantTypes {
		s.left[name] = true
	}
	for _, field := range s.structs["Environment"].Fields.List {
		if name, meaning, _ := strings.Cut(said(field), ", "); strings.ToUpper(name) == name && name != "" {
			s.variable[name], s.left[name] = meaning, true
		} else if name, meaning, ok := strings.Cut(said(field), "; "); ok {
			s.variable[name], s.left[name] = meaning, true
		} else if name != "" {
			s.variable[name], s.left[name] = "", true
		}
	}
	return s
}

// keys are the rows of a table's keys, in the order of their definition.
func (s source) keys(name string) (string, error) {
	delete(s.left, name)
	rows := []string{"| key | meaning |", "|---|---|"}
	for _, field := range s.structs[name].Fields.List {
		if len(field.Names) == 0 { // Entra has a table of its own
			continue
		}
		f, _ := s.wantTypes[name].FieldByName(field.Names[0].Name)
		key := tomlName(f)
		if key == "-" || f.Type.Kind() == reflect.Struct {
			continue
		}
		meaning := said(field)
		if meaning == "" {
			return "", fmt.Errorf("%s.%s has no comment", name, f.Name)
		}
		meaning = regexp.MustCompile("^"+f.Name+" (is|are) ").ReplaceAllString(meaning, "")
		rows = append(rows, fmt.Sprintf("| `%s` | %s |", key, strings.TrimSuffix(meaning, ".")))
	}
	return strings.Join(rows, "\n") + "\n", nil
}

func (s source) variables(names ...string) (string, error) {
	rows := []string{"| variable | meaning |", "|---|---|"}
	for _, name := range names {
		meaning, ok := s.variable[name]
		if !ok || meaning == "" {
			return "", fmt.Errorf("no comment says what %s means", name)
		}
		delete(s.left, name)
		rows = append(rows, fmt.Sprintf("| `%s` | %s |", name, meaning))
	}
	return strings.Join(rows, "\n") + "\n", nil
}

// said is the comment of a field, above it or beside it, on one line.
func said(field *ast.Field) string {
	text := field.Doc.Text()
	if text == "" {
		text = field.Comment.Text()
	}
	return strings.Join(strings.Fields(text), " ")
}

func pathRows() (string, error) {
	var rows strings.Builder
	for _, s := range []struct{ goos, name, home, variable string }{
		{"linux", "Linux", "/~", "HOME"}, {"darwin", "macOS", "/~", "HOME"}, {"windows", "Windows", `C:\~`, "USERPROFILE"},
	} {
		p, err := PathsFor(s.goos, FromEnviron([]string{s.variable + "=" + s.home}))
		if err != nil {
			return "", err
		}
		home := func(path string) string {
			return "`" + strings.Replace(path, s.home, map[bool]string{true: `%USERPROFILE%`, false: "~"}[s.goos == "windows"], 1) + "`"
		}
		fmt.Fprintf(&rows, "| %s | %s | %s | %s |\n", s.name, home(p.Config), home(p.Cache), home(p.State))
	}
	return rows.String(), nil
}
