// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"html"
	"net"
	"net/url"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/livy"
)

// safeLink returns rawURL if it may stand in a notebook as a link: https, or
// http to this machine. User, query and fragment are left out; a server could
// have put a secret there. ok is false where there is no link.
func safeLink(rawURL string) (link string, ok bool) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return "", false
	}
	u = &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return render.Plain(u.String()), true
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// anchor returns an HTML link to link, which safeLink has made.
func anchor(link, text string) string {
	return `<a href="` + html.EscapeString(link) + `" target="_blank" rel="noopener noreferrer">` + html.EscapeString(text) + `</a>`
}

// withLink returns text and its HTML, with a link behind it if there is one.
func withLink(text, link, what string) (plain, markup string) {
	if link == "" {
		return text, ""
	}
	return text + " " + what + ": " + link, "<p>" + html.EscapeString(text) + " " + anchor(link, what) + "</p>"
}

// signInLink returns rawURL if it may stand in a notebook as the link of a
// sign-in, whose query is what it is about.
func signInLink(rawURL string) (link string, ok bool) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" {
		return "", false
	}
	return render.Plain(u.String()), true
}

// SessionLink returns the address at which a person can watch a session, and
// what is found there; both are empty where there is none.
func SessionLink(p config.Profile, s livy.Session) (link, what string) {
	if p.Dialect == string(livy.DialectFabric) {
		if e, err := livy.ParseFabricEndpoint(p.Endpoint); err == nil && s.ID.Valid() {
			return e.MonitoringURL(s.ID), "Monitoring hub"
		}
		return "", ""
	}
	link, ok := safeLink(s.AppInfo["sparkUiUrl"])
	if !ok {
		return "", ""
	}
	ui, err := url.Parse(link)
	server, err2 := url.Parse(p.Endpoint)
	switch {
	case err != nil || p.Local():
	case isLoopback(ui.Hostname()) && (err2 != nil || !isLoopback(server.Hostname())):
		return "", "" // it leads to the server's own machine, not to this one
	case err2 != nil || ui.Hostname() != server.Hostname():
		return link, sparkUI + " on " + render.Plain(ui.Hostname())
	}
	return link, sparkUI
}

const sparkUI = "Spark UI"

// askedUI returns the address of the Spark web UI that the kernel itself may
// ask, or "". A server could name any address in the user's network, so it is
// only one on the server's own host.
func askedUI(p config.Profile, s livy.Session) string {
	if link, what := SessionLink(p, s); what == sparkUI {
		return link
	}
	return ""
}
