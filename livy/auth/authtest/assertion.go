// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package authtest

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// assertion is a decoded JWT.
type assertion struct {
	header struct {
		Alg  string `json:"alg"`
		X5t  string `json:"x5t#S256"`
		Type string `json:"typ"`
	}
	claims struct {
		Aud string `json:"aud"`
		Iss string `json:"iss"`
		Sub string `json:"sub"`
		Jti string `json:"jti"`
		Exp int64  `json:"exp"`
		Nbf int64  `json:"nbf"`
	}
	signed    string
	signature []byte
}

func parseAssertion(text string) (a assertion, ok bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return a, false
	}
	for i, into := range []any{&a.header, &a.claims} {
		part, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(part, into) != nil {
			return a, false
		}
	}
	var err error
	a.signature, err = base64.RawURLEncoding.DecodeString(parts[2])
	a.signed = parts[0] + "." + parts[1]
	return a, err == nil
}

// What a federated token must say.
const (
	platform = "https://platform.example"
	exchange = "api://AzureADTokenExchange"
)

// checkAssertion checks what an application proves itself by: a JWT that it
// signed with its certificate, or one that its platform signed.
func (a *Authority) checkAssertion(app App, text, endpoint string) *Refusal {
	proof, ok := parseAssertion(text)
	switch {
	case !ok:
		return invalidClient(50027, "JWT token is invalid or malformed.")
	case time.Now().Unix() >= proof.claims.Exp || time.Now().Unix() < proof.claims.Nbf-300:
		return invalidClient(700024, "Client assertion is not within its valid time range.")
	case proof.claims.Iss == platform:
		return a.checkFederated(app, proof)
	case proof.claims.Iss != app.ID || proof.claims.Sub != app.ID || proof.claims.Aud != endpoint || proof.header.Alg != "PS256":
		return invalidClient(700021, "Client assertion application identifier doesn't match 'client_id' parameter.")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if proof.claims.Jti == "" || a.seen[proof.claims.Jti] {
		return invalidClient(700025, "The assertion was used before.")
	}
	a.seen[proof.claims.Jti] = true
	digest := sha256.Sum256([]byte(proof.signed))
	for _, cert := range app.Certificates {
		thumbprint := sha256.Sum256(cert.Raw)
		key, isRSA := cert.PublicKey.(*rsa.PublicKey)
		if isRSA && proof.header.X5t == base64.StdEncoding.EncodeToString(thumbprint[:]) &&
			rsa.VerifyPSS(key, crypto.SHA256, digest[:], proof.signature, nil) == nil {
			return nil
		}
	}
	return invalidClient(700027, "The certificate with identifier used to sign the client assertion is not registered on application.")
}

func (a *Authority) checkFederated(app App, proof assertion) *Refusal {
	mac := hmac.New(sha256.New, a.key)
	mac.Write([]byte(proof.signed))
	switch {
	case !hmac.Equal(mac.Sum(nil), proof.signature):
		return invalidClient(700211, "No matching federated identity record found for presented assertion issuer.")
	case app.Subject == "" || proof.claims.Sub != app.Subject:
		return invalidClient(700213, "No matching federated identity record found for presented assertion subject '"+proof.claims.Sub+"'.")
	case proof.claims.Aud != exchange:
		return invalidClient(700212, "No matching federated identity record found for presented assertion audience.")
	}
	return nil
}

func invalidClient(code int, text string) *Refusal {
	return &Refusal{Status: http.StatusUnauthorized, Code: code, Error: "invalid_client", Text: text}
}

// FederatedToken returns a token such as a platform gives to what it runs.
func (a *Authority) FederatedToken(subject string, life time.Duration) string {
	signed := encode(map[string]string{"alg": "HS256", "typ": "JWT"}) + "." + encode(map[string]any{
		"iss": platform, "sub": subject, "aud": exchange, "exp": time.Now().Add(life).Unix(), "nbf": time.Now().Unix(), "jti": a.random("jti"),
	})
	mac := hmac.New(sha256.New, a.key)
	mac.Write([]byte(signed))
	text := signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	a.mu.Lock()
	defer a.mu.Unlock()
	a.secrets = append(a.secrets, text)
	return text
}
