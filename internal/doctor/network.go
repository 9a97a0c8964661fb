// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/connect"
)

// way returns where connections go first, the server or the proxy that stands
// before it, and what to call that.
func (d *doctor) way(ctx context.Context) (first *url.URL, by, todo string, err error) {
	u, err := url.Parse(d.Profile.Endpoint)
	if err != nil {
		return nil, "", "", errors.New("the endpoint is not a URL") //nolint:nilerr // err quotes it
	}
	proxy := d.Profile.ProxyOf()
	if proxy == nil {
		return u, "", "", nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.Profile.Endpoint, http.NoBody)
	if err != nil {
		return nil, "", "", err
	}
	p, err := proxy(req)
	switch {
	case err != nil:
		return nil, "", "correct the proxy of the profile", err
	case p == nil: // not for this host
		return u, "", "", nil
	}
	return p, " (the proxy)", "", nil
}

// dns finds the addresses.
func (d *doctor) dns(ctx context.Context) (detail, todo string, err error) {
	u, by, todo, err := d.way(ctx)
	if err != nil {
		return "", todo, err
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	addresses, err := new(net.Resolver).LookupHost(ctx, u.Hostname())
	if err != nil {
		return "", "check the host name, the DNS server and the VPN", fmt.Errorf("no address of %s%s was found", u.Hostname(), by)
	}
	return fmt.Sprintf("%s%s is %s", u.Hostname(), by, strings.Join(addresses[:min(2, len(addresses))], ", ")), "", nil
}

// network connects.
func (d *doctor) network(ctx context.Context) (detail, todo string, err error) {
	u, by, todo, err := d.way(ctx)
	if err != nil {
		return "", todo, err
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	began := time.Now()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address(u))
	if err != nil {
		return "", "check the port, the firewall and the VPN; where a proxy is needed, install again with HTTPS_PROXY set",
			fmt.Errorf("%s%s cannot be reached", address(u), by)
	}
	took := time.Since(began)
	return fmt.Sprintf("%s%s was reached in %s", address(u), by, took.Round(100*time.Microsecond)), "", conn.Close()
}

func address(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80", "socks5": "1080"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// tls looks at the certificate, with the authorities that the profile trusts.
func (d *doctor) tls(ctx context.Context) (detail, todo string, err error) {
	if !strings.HasPrefix(d.Profile.Endpoint, "https:") {
		return "not used: the endpoint begins with http://", unwise(d.Profile.Unguarded()), nil
	}
	answer, err := d.head(ctx)
	var unknown *tls.CertificateVerificationError
	if errors.As(err, &unknown) {
		return "", "where the server's authority is your company's own, install with --ca-file FILE", fmt.Errorf("the certificate is not trusted: %w", unknown.Err)
	}
	if err != nil {
		return "", "a proxy or firewall may break the connection", errors.New("no TLS connection came about: " + plain(err))
	}
	defer answer.Body.Close()
	leaf := answer.TLS.PeerCertificates[0]
	left := time.Until(leaf.NotAfter)
	if left < 14*24*time.Hour {
		todo = "tell the server's administrator that its certificate ends soon"
	}
	return fmt.Sprintf("%s, the certificate is valid for %d days", tls.VersionName(answer.TLS.Version), int(left.Hours()/24)), todo, nil
}

func unwise(open bool) string {
	if open {
		return "whoever reaches the server can run code there; have it ask for a sign-in over https"
	}
	return ""
}

// maxSkew is by how much the clocks may differ: tokens are valid from five
// minutes before their time.
const maxSkew = 5 * time.Minute

// clock compares this machine's with the server's.
func (d *doctor) clock(ctx context.Context) (detail, todo string, err error) {
	answer, err := d.head(ctx)
	if err != nil {
		return "", "", errors.New("the server does not answer: " + plain(err))
	}
	defer answer.Body.Close()
	date, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		return "the server does not tell its time", "", nil //nolint:nilerr // not every server does
	}
	skew := time.Since(date).Round(time.Second)
	if skew.Abs() > maxSkew {
		return fmt.Sprintf("this machine's is %s off", skew), "set this machine's clock: sign-ins fail where it is wrong", nil
	}
	return fmt.Sprintf("within %s of the server's", max(skew.Abs(), time.Second)), "", nil
}

// head asks for nothing, without credentials.
func (d *doctor) head(ctx context.Context) (*http.Response, error) {
	roots, err := connect.Roots(d.Profile)
	if err != nil {
		return nil, err
	}
	client := http.Client{
		Timeout:       askTime,
		Transport:     &http.Transport{Proxy: d.Profile.ProxyOf(), TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, d.Profile.Endpoint, http.NoBody)
	if err != nil {
		return nil, err
	}
	return client.Do(req)
}

// plain returns the innermost text of an error of net/http, without the URL.
func plain(err error) string {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err.Error()
	}
	return err.Error()
}
