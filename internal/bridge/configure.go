// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
)

// configure merges the JSON of %%configure over the settings of the next
// session. A session that runs keeps its settings for life, so it is ended
// first, if the user says so.
func (b *Bridge) configure(ctx context.Context, m magic, body string, sink kernel.Sink) error {
	force := m.args == "-f" || m.args == "--force"
	if !force && strings.HasPrefix(m.args, "-") {
		return magicOptions(m)
	}
	if !force {
		body = m.args + body
	}
	request, err := b.settings().merge(b.request, body)
	if err != nil {
		return configError("%%configure: " + err.Error())
	}
	changes := difference(b.request, request)
	if s := b.live(); s != nil {
		if len(changes) == 0 && s.origin == created {
			sink.Stream(wire.Stdout, "The session has these settings already.\n")
			return nil
		}
		if !force {
			return configError("%%configure: a session runs, and its settings cannot change; %%configure -f ends it, and its variables with it" + b.costOfRestart(s) +
				". It would change " + strings.Join(changes, "; "))
		}
		if err := b.stop(ctx, sink); err != nil {
			return err
		}
	}
	b.request = request
	told := "The next session has these settings. " + b.costOf(request) + "\n"
	for _, change := range changes {
		told += "  " + change + "\n"
	}
	sink.Stream(wire.Stdout, told)
	return nil
}

// costOfRestart says how long a session takes to start, as this one did.
func (b *Bridge) costOfRestart(s *session) string {
	if s.origin != created || !s.started() || s.took < time.Second {
		return ""
	}
	return fmt.Sprintf("; a new one takes about %s to start, as this one did", seconds(s.took))
}

// costOf says what the settings cost, where that is known.
func (b *Bridge) costOf(request livy.CreateSessionRequest) string {
	request.Name, request.Tags = "", nil
	if b.dialect == livy.DialectFabric && !reflect.ValueOf(request).IsZero() {
		return "It is not taken from the starter pool with them: its start takes minutes in place of seconds."
	}
	return ""
}

// settings are what a session can be asked for.
type settings struct {
	names   []string // of the body of POST /sessions, but for kind
	dialect livy.Dialect
	fabric  livy.FabricEndpoint // empty for other dialects
	remote  bool                // the server cannot see this machine's files
}

func (b *Bridge) settings() settings {
	names := slices.DeleteFunc(b.dialect.SessionFields(), func(name string) bool { return name == "kind" })
	s := settings{names: names, dialect: b.dialect, remote: !b.profile.Local()}
	if b.dialect == livy.DialectFabric {
		s.names = append(s.names, slices.Sorted(maps.Keys(ofFabric))...)
		s.fabric, _ = livy.ParseFabricEndpoint(b.profile.Endpoint) // one that is wrong connects nowhere
	}
	return s
}

// merge returns base with the settings of a JSON object over it. Settings of
// conf are merged one by one.
func (s settings) merge(base livy.CreateSessionRequest, body string) (livy.CreateSessionRequest, error) {
	if strings.TrimSpace(body) == "" {
		return base, errors.New("a JSON object must follow, as in {\"driverMemory\": \"4g\"}")
	}
	var settings map[string]json.RawMessage
	dec := json.NewDecoder(strings.NewReader(body))
	if err := dec.Decode(&settings); err != nil {
		return base, fmt.Errorf("not a JSON object: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return base, errors.New("something follows the JSON object")
	}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if name == "kind" {
			return base, errors.New("kind cannot be set: one session runs every language, and a cell's magic chooses its own")
		}
		if !slices.Contains(s.names, name) {
			return base, s.unknown(name)
		}
	}
	conf := maps.Clone(base.Conf)
	if conf == nil {
		conf = make(map[string]string)
	}
	for _, name := range slices.Sorted(maps.Keys(ofFabric)) {
		raw, ok := settings[name]
		if !ok || s.dialect != livy.DialectFabric {
			continue
		}
		delete(settings, name)
		value, err := ofFabric[name].read(s, raw)
		if err != nil {
			return base, err
		}
		if value == "" {
			delete(conf, ofFabric[name].key)
			continue
		}
		conf[ofFabric[name].key] = value
	}
	if raw, ok := settings["conf"]; ok {
		delete(settings, "conf")
		more, err := confOf(raw)
		if err != nil {
			return base, err
		}
		maps.Copy(conf, more)
	}
	// The lists are cloned, since decoding writes into what is there.
	merged := base
	merged.Conf = nil
	for _, list := range []*[]string{&merged.Jars, &merged.PyFiles, &merged.Files, &merged.Archives} {
		*list = slices.Clone(*list)
	}
	rest, err := json.Marshal(settings)
	if err == nil {
		err = json.Unmarshal(rest, &merged)
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return base, fmt.Errorf("%s must be a %s, not a %s", wrong.Field, jsonType(wrong.Type), wrong.Value)
	}
	if err != nil {
		return base, err
	}
	if len(conf) > 0 {
		merged.Conf = conf
	}
	if err := s.check(merged); err != nil {
		return base, err
	}
	return merged, nil
}

// confOf reads conf. Spark's settings are strings; numbers and booleans are
// taken as they are written.
func confOf(raw json.RawMessage) (map[string]string, error) {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(raw, &values); err != nil {
		return nil, errors.New("conf must be an object of strings")
	}
	conf := make(map[string]string, len(values))
	for name, v := range values {
		var text string
		switch v = bytes.TrimSpace(v); {
		case json.Unmarshal(v, &text) == nil && string(v) != "null":
		case v[0] == '{' || v[0] == '[' || string(v) == "null":
			return nil, fmt.Errorf("conf: the value of %q must be a string", name)
		default:
			text = string(v)
		}
		conf[name] = text
	}
	return conf, nil
}

func jsonType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "list of strings"
	case reflect.Int:
		return "whole number"
	}
	return "string"
}
