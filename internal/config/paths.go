// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"os/user"
	"path"
	"strings"
)

// Paths are where things lie on this machine.
type Paths struct {
	Config string // the configuration file
	Cache  string // folder of what can be made again, such as Spark
	State  string // folder of what lasts while something runs
}

// folder is the name of our own folder within each of the user's.
const folder = "livy-kernel"

// PathsFor returns the paths for an operating system, as runtime.GOOS names
// it. They follow the XDG base directories on Linux and the system's own
// places on macOS and Windows. LIVY_KERNEL_CONFIG overrides the file.
func PathsFor(goos string, env Environment) (Paths, error) {
	home, err := env.Home(goos)
	if err != nil {
		return Paths{}, err
	}
	var p Paths
	switch goos {
	case "windows":
		roaming := absoluteOr(goos, env.Lookup("APPDATA"), home+`\AppData\Roaming`)
		local := absoluteOr(goos, env.Lookup("LOCALAPPDATA"), home+`\AppData\Local`)
		p = Paths{Config: roaming + `\livy-kernel\config.toml`, Cache: local + `\livy-kernel\cache`, State: local + `\livy-kernel\state`}
	case "darwin":
		support := path.Join(home, "Library/Application Support", folder)
		p = Paths{Config: path.Join(support, "config.toml"), Cache: path.Join(home, "Library/Caches", folder), State: path.Join(support, "state")}
	default:
		p = Paths{
			Config: path.Join(absoluteOr(goos, env.Lookup("XDG_CONFIG_HOME"), home+"/.config"), folder, "config.toml"),
			Cache:  path.Join(absoluteOr(goos, env.Lookup("XDG_CACHE_HOME"), home+"/.cache"), folder),
			State:  path.Join(absoluteOr(goos, env.Lookup("XDG_STATE_HOME"), home+"/.local/state"), folder),
		}
	}
	if env.ConfigFile != "" {
		if !absolute(goos, env.ConfigFile) {
			return Paths{}, &Error{Key: "LIVY_KERNEL_CONFIG", Problem: quote(env.ConfigFile) + " is not an absolute path"}
		}
		p.Config = env.ConfigFile
	}
	return p, nil
}

// Home returns the user's home folder.
func (e Environment) Home(goos string) (string, error) {
	name := "HOME"
	if goos == "windows" {
		name = "USERPROFILE"
	}
	if dir := e.Lookup(name); absolute(goos, dir) {
		return dir, nil
	}
	if u, err := user.Current(); err == nil && absolute(goos, u.HomeDir) {
		return u.HomeDir, nil
	}
	return "", &Error{Key: name, Problem: "is not set, and the system does not tell the home folder"}
}

// absoluteOr returns dir when it is absolute, as the XDG specification asks,
// and otherwise fallback.
func absoluteOr(goos, dir, fallback string) string {
	if absolute(goos, dir) {
		return dir
	}
	return fallback
}

// absolute is filepath.IsAbs for a system that need not be this one.
func absolute(goos, dir string) bool {
	if goos != "windows" {
		return strings.HasPrefix(dir, "/")
	}
	drive := len(dir) >= 3 && dir[1] == ':' && (dir[2] == '\\' || dir[2] == '/')
	return drive || strings.HasPrefix(dir, `\\`)
}
