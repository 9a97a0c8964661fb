// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
)

// clamp returns the cursor where it lies in code, else the nearest end.
func clamp(cursor int, code string) int {
	return max(0, min(cursor, utf8.RuneCountInString(code)))
}

// completeMagic completes the name of a magic, or one of its options, on the
// first line of a cell.
func completeMagic(code string, cursor int) (kernel.Completion, bool) {
	text := string([]rune(code)[:cursor])
	line := strings.TrimLeftFunc(text, unicode.IsSpace)
	if !strings.HasPrefix(line, "%") || strings.Contains(line, "\n") {
		return kernel.Completion{}, false
	}
	word := line[strings.LastIndexAny(line, " \t")+1:]
	out := kernel.Completion{Start: cursor - utf8.RuneCountInString(word), End: cursor}
	if word == line {
		for _, d := range magicDocs {
			if name, _, _ := strings.Cut(d.usage, " "); strings.HasPrefix(name, word) {
				out.Matches = append(out.Matches, name)
			}
		}
		return out, true
	}
	name, _, _ := strings.Cut(line, " ")
	for _, d := range magicDocs {
		if usage, _, _ := strings.Cut(d.usage, " "); usage != name {
			continue
		}
		for _, option := range d.options {
			// A word such as list stands right behind the name, and alone.
			if strings.HasPrefix(option, word) && (strings.HasPrefix(option, "-") || strings.Count(line, " ") == 1) {
				out.Matches = append(out.Matches, option)
			}
		}
	}
	m, _, _ := splitMagic(line)
	return out, m.kindOf() == "" || strings.HasPrefix(word, "-") // else it is code
}

// settingPlace matches text that ends within a name of the object of %%configure.
var settingPlace = lazyregexp.New(`^\s*%%configure\s[^{}]*\{(?:[^{}"]|"[^"]*"|\{[^{}]*\})*"(\w*)$`)

// completeSetting completes the name of a setting in the JSON of %%configure.
func (b *Bridge) completeSetting(code string, cursor int) (kernel.Completion, bool) {
	text := string([]rune(code)[:cursor])
	place := settingPlace.Get().FindStringSubmatch(text)
	if place == nil {
		return kernel.Completion{}, false
	}
	out := kernel.Completion{Start: cursor - len(place[1]), End: cursor}
	before := strings.TrimRight(strings.TrimSuffix(text, `"`+place[1]), " \t\r\n")
	if strings.HasSuffix(before, "{") || strings.HasSuffix(before, ",") { // else it is a value
		for _, name := range b.settings().names {
			if strings.HasPrefix(name, place[1]) {
				out.Matches = append(out.Matches, name)
			}
		}
	}
	return out, true
}

// inspectMagic describes the magic whose name the cursor is in.
func inspectMagic(code string, cursor int) kernel.MIMEBundle {
	runes := []rune(code)
	end := cursor
	for end < len(runes) && !unicode.IsSpace(runes[end]) {
		end++
	}
	name := strings.TrimSpace(string(runes[:end]))
	if !strings.HasPrefix(name, "%") || strings.ContainsFunc(name, unicode.IsSpace) {
		return nil
	}
	name = strings.TrimLeft(name, "%")
	i := slices.IndexFunc(magicDocs, func(d magicDoc) bool { return d.name == name })
	if i < 0 {
		return nil
	}
	return render.Text(magicDocs[i].usage + "\n\n" + magicDocs[i].text)
}
