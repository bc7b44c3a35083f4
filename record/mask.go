package record

// Rules says which values are credentials, by the name under which they
// travel. Names are matched without regard to case and to "-", "_" and ".",
// so "api_key" also means "apiKey" and "Api-Key". A name that begins with "*"
// means every name that ends so; a name that ends with "?" is masked only
// where the value itself looks like a credential, which keeps answers such as
// "key": "vin_not_found" readable; one that begins with "!" is never masked by
// its name, which keeps the cursors of pages out of "*token?". It is plain data: cmd joins [DefaultRules]
// with what the packs and the configuration add.
type Rules struct {
	// Params are names of query and form parameters. "code?" and "state?" are
	// masked on the paths of an OAuth flow, too.
	Params []string
	// Headers are names of header fields, of either side.
	Headers []string
	// Fields are names of members in JSON bodies, at any depth.
	Fields []string
	// Paths are places in the paths of a host's URLs.
	Paths []PathRule
	// Accounts says, host by host, where the credential stands that names the
	// account. The first rule whose host fits decides.
	Accounts []AccountRule
}

// AccountRule says where the lasting credential of a host's calls stands.
type AccountRule struct {
	// Host is as in [HostBinding], or "*" for any.
	Host string
	// From lists places, the first that has a value counts: "query:NAME",
	// "header:NAME", "field:NAME" (a member of the request body), "basic" (the
	// credentials of HTTP Basic authentication), or "claim:NAME" (a claim of
	// the bearer JWT that stays when the token rotates).
	From []string
}

// Redacted is what stands in the place of a credential.
const Redacted = "[redacted]"

// DefaultRules are the names that hold credentials everywhere.
func DefaultRules() Rules {
	return Rules{
		Params: []string{
			"key", "api_key", "apikey", "x-api-key", "subscription-key", "license_key", "app_key", "app_secret",
			"token", "access_token", "refresh_token", "id_token", "auth_token", "bearer_token", "oauth_token",
			"oauth_signature", "oauth_verifier", "oauth_consumer_key", "consumer_key", "consumer_secret",
			"client_secret", "client_assertion", "assertion", "code_verifier", "SAMLResponse", "SAMLRequest",
			"secret", "signature", "sig", "hmac", "x-amz-signature", "x-amz-credential", "x-amz-security-token",
			"x-goog-signature", "x-goog-credential", "Key-Pair-Id", "SharedAccessSignature", "AccessKeyId",
			"AWSAccessKeyId", "SecurityToken", "password", "passwd", "pwd", "passphrase", "passcode", "otp", "pin",
			"auth", "authorization", "session", "session_id", "sessionid", "jsessionid", "phpsessid", "ASP.NET_SessionId",
			"jwt", "credential", "credentials", "cvv", "cvc", "card_number",
			"code?", "state?", "sid?", "ticket?", "appid?", "nonce?",
			"*password", "*passwd", "*secret", "*api_key", "*apikey", "*access_token", "*refresh_token", "*auth_token",
			"*id_token", "*session_token", "*private_key", "*secret_key", "*access_key", "*signature", "*account_key", "*encryption_key",
			"*signing_key", "*token?", "!*page_token", "!*continuation_token", "!*next_token", "!*sync_token", "!*skip_token", "!*resume_token", "!*start_token",
		},
		Headers: []string{
			"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "Cookie2", "Set-Cookie2",
			"X-API-Key", "Api-Key", "apikey", "X-Api-Token", "X-Auth-Token", "X-Access-Token", "X-Auth-Key", "X-Auth",
			"X-Session-Token", "X-Session-Id", "X-CSRF-Token", "X-XSRF-Token", "X-Refresh-Token", "X-Id-Token",
			"X-Authorization", "X-Forwarded-Authorization", "X-Original-Authorization", "Authentication-Info",
			"Proxy-Authentication-Info", "Ocp-Apim-Subscription-Key", "X-Functions-Key", "X-Goog-Api-Key",
			"X-Goog-Iam-Authorization-Token", "X-Amz-Security-Token", "X-Amzn-Oidc-Data", "X-Amzn-Oidc-Accesstoken",
			"X-Amz-Cf-Signature", "X-Vault-Token", "X-Consul-Token", "X-Shopify-Access-Token", "X-GitHub-Token",
			"Private-Token", "Job-Token", "Deploy-Token", "DD-API-KEY", "DD-APPLICATION-KEY", "X-Parse-REST-API-Key",
			"PAYMENT-SIGNATURE", "X-PAYMENT", "X-Hub-Signature", "X-Hub-Signature-256", "Stripe-Signature", "SC-Signature",
			"X-Signature", "Signature", "DPoP", "X-Client-Secret", "X-Password", "X-Secret", "X-Token", "Token", "Secret",
			"*-api-key", "*-access-token", "*-auth-token", "*-secret", "*-secret-key", "*-signature", "*-password",
			"*-session-token", "*-security-token", "*-api-token", "*authorization", "Authentication?",
		},
		Fields: append([]string{
			"api_key", "apikey", "api_keys", "x-api-key", "subscription_key", "license_key", "app_key", "app_secret",
			"token", "access_token", "refresh_token", "id_token", "auth_token", "bearer_token", "oauth_token",
			"session_token", "security_token", "csrf_token", "client_secret", "client_assertion", "code_verifier",
			"secret", "secrets", "secret_key", "private_key", "signing_key", "encryption_key", "access_key",
			"access_key_id", "secret_access_key", "aws_access_key_id", "aws_secret_access_key", "AccessKeyId",
			"signature", "password", "passwords", "passwd", "pwd", "passphrase", "passcode", "otp", "jwt",
			"authorization", "proxy_authorization", "cookie", "cookies", "set-cookie", "credential", "credentials",
			"connection_string", "card_number", "cardnumber", "cvv", "cvv2", "cvc", "cvc2", "card_cvc",
			"security_code", "account_key", "shared_access_signature", "session_id?", "sessionid?", "jsessionid",
			"payment-signature", "ocp-apim-subscription-key", "x-auth-token", "x-access-token", "x-amz-security-token",
			"key?", "auth?", "session?", "sid?", "sig?", "pin?", "authorization_code", "auth_code",
			"*password", "*passwd", "*secret", "*api_key", "*access_token", "*refresh_token", "*auth_token", "*id_token",
			"*session_token", "*private_key", "*secret_key", "*secret_access_key", "*card_number", "*account_key", "*encryption_key",
			"*signing_key", "*token?", "!*page_token", "!*continuation_token", "!*next_token", "!*sync_token", "!*skip_token", "!*resume_token", "!*start_token",
			"*tokens?", "!*max_tokens", "bearer?", "hmac_key", "*storage_key", "*master_key", "*shared_key", "mac?", "security_answer", "seed_phrase", "mnemonic",
			"*recovery_codes", "*recovery_code", "*backup_codes", "mfa_code", "otp_code", "totp_code", "two_factor_code",
		}, passwordWords()...),
		Accounts: []AccountRule{{
			Host: "*",
			From: []string{"header:x-api-key", "basic", "query:key", "query:api_key", "query:apikey"},
		}},
	}
}

// headerSuffixes are ends of names that hold for header fields alone: in a body
// many an id is called a key.
func headerSuffixes() []string {
	return []string{
		"*-token?", "!*-page-token", "!*-continuation-token", "!*-next-token", "!*-sync-token", "!*-skip-token", "!*-resume-token", "!*-start-token",
		"*-key?", "!*idempotency-key", "!*surrogate-key", "!*cache-key", "!*dedup-key", "!*deduplication-key", "!*routing-key", "!*partition-key", "!*object-key", "!*public-key", "!*lock-key",
	}
}

// passwordWords are what people of other languages call a password.
func passwordWords() []string {
	return []string{
		"*passwort", "*kennwort", "*senha", "*contraseña", "*contrasena", "*clave_secreta", "*mot_de_passe", "passe", "*wachtwoord", "*lösenord", "*adgangskode",
		"*salasana", "*hasło", "*heslo", "*parola", "*şifre", "*jelszó", "*пароль", "*密码", "*密碼", "*口令", "*パスワード", "*비밀번호", "*mật_khẩu",
	}
}

// Join gives the rules of both. Those of other stand first, so that the
// accounts of a pack or of the configuration overrule the defaults.
func (r Rules) Join(other Rules) Rules {
	return Rules{
		Params:   join(other.Params, r.Params),
		Headers:  join(other.Headers, r.Headers),
		Fields:   join(other.Fields, r.Fields),
		Paths:    join(other.Paths, r.Paths),
		Accounts: join(other.Accounts, r.Accounts),
	}
}

// join copies, so that no two Rules share an array.
func join[T any](a, b []T) []T {
	return append(append(make([]T, 0, len(a)+len(b)), a...), b...)
}
