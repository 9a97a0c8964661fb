// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import "slices"

// meanings say what Entra's codes stand for and what to do. Source: "Microsoft
// Entra authentication and authorization error codes".
var meanings = map[string]string{
	"AADSTS16000":   "you are signed in with several accounts and none was chosen; sign in again and choose one",
	"AADSTS50001":   "the tenant does not know the service that the token is for; check tenant and resource",
	"AADSTS50011":   "the application does not allow this redirect; add http://localhost to its registration under \"Mobile and desktop applications\"",
	"AADSTS50020":   "your account does not belong to this tenant; check the tenant, or have yourself invited as a guest",
	"AADSTS50034":   "the tenant does not know this account; check which one you sign in with",
	"AADSTS50053":   "the account is locked after too many tries; wait, or ask its administrator",
	"AADSTS50055":   "the password has expired; change it and sign in again",
	"AADSTS50057":   "the account is disabled; ask its administrator",
	"AADSTS50058":   "nobody is signed in any more; sign in again",
	"AADSTS50059":   "no tenant was given; set the tenant of the profile",
	"AADSTS50074":   "a second factor is required; sign in again",
	"AADSTS50076":   "a second factor is required, by a rule of your administrator; sign in again",
	"AADSTS50078":   "the second factor has expired; sign in again",
	"AADSTS50079":   "you have to register for a second factor first; sign in to your account in a browser",
	"AADSTS50105":   "you are not assigned to the application; ask its administrator",
	"AADSTS50126":   "user name or password are wrong",
	"AADSTS50128":   "the tenant was not found; check the tenant of the profile",
	"AADSTS50131":   "the device or the network does not satisfy a rule of your administrator",
	"AADSTS50132":   "the sign-in is not valid any more; sign in again",
	"AADSTS50133":   "the sign-in is not valid any more, since the password has changed; sign in again",
	"AADSTS50140":   "the sign-in was interrupted; sign in again",
	"AADSTS50158":   "another check of your organisation has to be passed; sign in again in a browser",
	"AADSTS50173":   "the sign-in was revoked, for example by a new password; sign in again",
	"AADSTS50194":   "the application belongs to one tenant only; set that tenant in the profile",
	"AADSTS50196":   "the service sees a loop of sign-ins; wait some minutes",
	"AADSTS53000":   "your device does not comply with a rule of your administrator",
	"AADSTS53001":   "your device is not joined to your organisation, which a rule of your administrator asks for",
	"AADSTS53003":   "a rule (Conditional Access) of your administrator blocks this sign-in; many block the device code: try --flow browser",
	"AADSTS53011":   "the account is blocked for a risk that was seen; ask its administrator",
	"AADSTS65001":   "the application lacks a consent; give it when you sign in, or have an administrator grant it",
	"AADSTS65002":   "the application must be allowed by the owner of the service that the token is for",
	"AADSTS65004":   "the consent was refused; sign in again and accept, or ask for less with --scope",
	"AADSTS65005":   "the application's registration does not list a permission that is asked for; add it there",
	"AADSTS70000":   "the sign-in is not valid any more; sign in again",
	"AADSTS70001":   "the tenant does not know the application; check tenant and client id",
	"AADSTS70008":   "the sign-in has expired; sign in again",
	"AADSTS70011":   "a scope is not valid",
	"AADSTS70016":   "the code was not entered yet",
	"AADSTS70018":   "the code was wrong or has expired; run the cell again for another one",
	"AADSTS70019":   "the code has expired; run the cell again for another one",
	"AADSTS70043":   "the sign-in has expired, by a rule of your administrator; sign in again",
	"AADSTS75011":   "the way that you signed in by does not suffice; sign in again",
	"AADSTS90002":   "the tenant was not found; check the tenant of the profile",
	"AADSTS90008":   "the application's registration does not list the service that the token is for; add its permissions there",
	"AADSTS90014":   "a field of the request is missing, as if a proxy had changed it",
	"AADSTS90033":   "the sign-in service is busy; try again in some minutes",
	"AADSTS90072":   "your account does not belong to this tenant; check the tenant, or have yourself invited as a guest",
	"AADSTS90094":   "an administrator has to consent to the application",
	"AADSTS90095":   "an administrator has to consent to the application; the request for that was sent",
	"AADSTS500011":  "the tenant does not know the service that the token is for; is Fabric switched on in this tenant?",
	"AADSTS500113":  "the application allows no redirect; add http://localhost to its registration under \"Mobile and desktop applications\"",
	"AADSTS500133":  "the federated token has expired, or this machine's clock is wrong",
	"AADSTS530003":  "your device must be managed by your organisation, by a rule of your administrator",
	"AADSTS650052":  "your organisation has no subscription for the service, or has not consented to it",
	"AADSTS650053":  "a scope that is asked for does not exist",
	"AADSTS650056":  "the application's registration does not list a permission that is asked for; add it there",
	"AADSTS650057":  "the application's registration does not list the service that the token is for; add its permissions there",
	"AADSTS700003":  "the device was removed from your organisation; register it again",
	"AADSTS700016":  "the tenant does not know the application; check tenant and client id",
	"AADSTS700021":  "the federated token is of another issuer or subject than the application allows",
	"AADSTS700024":  "the certificate's assertion, or the federated token, is not valid now; check this machine's clock",
	"AADSTS700027":  "the certificate is not registered with the application, or has expired; upload it there",
	"AADSTS700030":  "the certificate is not valid for this application",
	"AADSTS700082":  "the sign-in has expired, since it was not used for long; sign in again",
	"AADSTS700084":  "the sign-in has expired; sign in again",
	"AADSTS700211":  "the application has no federated credential for the issuer of this token",
	"AADSTS700212":  "the application has no federated credential for the audience of this token",
	"AADSTS700213":  "the application has no federated credential for the subject of this token",
	"AADSTS1002012": "an application's scope must end in /.default",
	"AADSTS7000112": "the application is disabled; ask its administrator",
	"AADSTS7000215": "the client secret is wrong; use its value, not its id",
	"AADSTS7000218": "the application's registration does not allow public client flows; switch that on there",
	"AADSTS7000222": "the client secret has expired; make another one",
}

// oauthMeanings are for refusals without a code of Entra's.
var oauthMeanings = map[string]string{
	"access_denied":           "the sign-in was refused",
	"authorization_declined":  "the sign-in was declined",
	"expired_token":           "the code was not entered in time; run the cell again for another one",
	"bad_verification_code":   "the code was wrong",
	"consent_required":        "the application lacks a consent; give it when you sign in, or have an administrator grant it",
	"interaction_required":    "you have to sign in again",
	"login_required":          "you have to sign in again",
	"invalid_client":          "the application's credential is not accepted; check client id, secret or certificate",
	"invalid_grant":           "the sign-in is not valid any more; sign in again",
	"invalid_scope":           "a scope is not valid",
	"unauthorized_client":     "the application may not sign in this way; check its registration",
	"temporarily_unavailable": "the sign-in service is busy; try again in some minutes",
	"server_error":            "the sign-in service has a fault; try again in some minutes",
}

func meaning(code, oauth string) string {
	if text, ok := meanings[code]; ok {
		return text
	}
	if text, ok := oauthMeanings[oauth]; ok {
		return text
	}
	return "the sign-in service refused it"
}

// consentCodes are the codes for permissions that are missing.
var consentCodes = []string{
	"AADSTS65001", "AADSTS65004", "AADSTS65005", "AADSTS70011", "AADSTS90094", "AADSTS90095", "AADSTS650053", "AADSTS650056",
}

func consent(code string) bool { return slices.Contains(consentCodes, code) }
