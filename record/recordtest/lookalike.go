package recordtest

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
)

// LookAlikes are values that resemble credentials, and that somebody who looks
// for the cause of a failure needs.
func LookAlikes(r *rand.Rand) map[string]string {
	of := func(alphabet string, n int) string { return Random(r, alphabet, n) }
	uuid := of(LowerHex, 8) + "-" + of(LowerHex, 4) + "-4" + of(LowerHex, 3) + "-a" + of(LowerHex, 3) + "-" + of(LowerHex, 12)
	sum1, sum2 := sha1.Sum([]byte(uuid)), sha256.Sum256([]byte(uuid))
	std := base64.StdEncoding
	png := std.EncodeToString([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + of(Base62, 90)))
	return map[string]string{
		"uuid": uuid, "upper uuid": strings.ToUpper(uuid), "braced uuid": "{" + uuid + "}",
		"trace id": of(LowerHex, 32), "span id": of(LowerHex, 16), "traceparent": "00-" + of(LowerHex, 32) + "-" + of(LowerHex, 16) + "-01",
		"amazon trace": "Root=1-" + of(LowerHex, 8) + "-" + of(LowerHex, 24), "b3": of(LowerHex, 32) + "-" + of(LowerHex, 16) + "-1",
		"sha1": hex.EncodeToString(sum1[:]), "sha256": hex.EncodeToString(sum2[:]), "md5": of(LowerHex, 32), "git sha": of(LowerHex, 7),
		"integrity": "sha256-" + std.EncodeToString(sum2[:]), "digest": "sha256:" + hex.EncodeToString(sum2[:]),
		"etag": `W/"` + of(LowerHex, 32) + `"`, "etag short": `"` + of(LowerHex, 8) + "-" + of(LowerHex, 12) + `"`,
		"request id": "req_" + of(Base62, 24), "x-request-id": "f-" + uuid, "cf-ray": of(LowerHex, 16) + "-FRA", "amz id": strings.ToUpper(of(LowerHex, 16)),
		"stripe request": "req_" + of(Base62, 14), "charge": "ch_" + of(Base62, 24), "intent": "pi_" + of(Base62, 24), "customer": "cus_" + of(Base62, 14), "event": "evt_" + of(Base62, 24),
		"vin": "1HGBH41JXMN" + of("0123456789", 6), "vin b": "WBA3A5C57CF" + of("0123456789", 6), "vin c": "5YJ3E1EA7KF" + of("0123456789", 6), "plate": "7ABC" + of("0123456789", 3),
		"order": "ORD-2026-" + of("0123456789", 8), "order number": "1000" + of("0123456789", 12), "invoice": "INV-" + of("0123456789", 6),
		"tracking": "1Z" + of(Base32[:24], 6) + of("0123456789", 10), "imei": "35209900176148" + of("0123456789", 1), "iccid": "8901260" + of("0123456789", 12),
		"iban": "DE89370400440532013000", "phone": "+14155550" + of("0123456789", 3), "email": "jo." + of(Base62[26:52], 5) + "@example.com", "isbn": "9780306406157",
		"not luhn": "4111111111111112", "millis": "1718713845" + of("0123456789", 3), "micros": "1718713845" + of("0123456789", 6), "nanos": "1718713845" + of("0123456789", 9),
		"time": "2026-06-18T12:30:45.123456Z", "http date": "Thu, 18 Jun 2026 12:30:45 GMT", "date path": "/2026/06/18/12/30", "number": "12345678901234567890",
		"snowflake": "1" + of("0123456789", 18), "objectid": of(LowerHex, 24), "ulid": "01J" + strings.ToUpper(of(LowerHex, 23)), "ksuid": of(Base62, 27), "nanoid": of(Base62, 21),
		"cursor": std.EncodeToString([]byte(fmt.Sprintf(`{"id":%d,"at":"2026-06-18"}`, r.IntN(1e6)))), "relay id": std.EncodeToString([]byte("Vehicle:" + of("0123456789", 8))),
		"relay uuid": std.EncodeToString([]byte("Order:" + uuid)), "relay cursor": std.EncodeToString([]byte("cursor:v2:" + of("0123456789", 8))), "gid": std.EncodeToString([]byte("gid://shopify/Product/" + of("0123456789", 10))),
		"gid plain": "gid://shopify/Order/" + of("0123456789", 13), "arn": "arn:aws:s3:::bucket-" + of(Base62[26:52], 8) + "/key/path", "urn": "urn:uuid:" + uuid,
		"png": png, "data url": "data:image/png;base64," + png, "jpeg": "/9j/4AAQSkZJRgABAQ" + of(Base62, 80), "gif": "R0lGODlhAQABAIAAAAAAAP" + of(Base62, 40),
		"semver": "v2.14.0-rc.1+build." + of(LowerHex, 7), "version": "2026-06-01", "package": "@acme/api-client@4.17.21", "image": "registry.example.com/app:1.2.3@sha256:" + hex.EncodeToString(sum2[:]),
		"code": "invalid_api_key", "code b": "token_expired", "code c": "missing_access_token", "code d": "PASSWORD_TOO_SHORT", "code e": "authentication_error", "code f": "ERR_BAD_SIGNATURE",
		"code g": "api_limit_exceeded", "code h": "idempotency_key_in_use", "code i": "secret_not_found", "code j": "card_declined", "code k": "insufficient_scope", "code l": "SESSION_EXPIRED",
		"prose": "Token expired, request a new one.", "prose b": "The API key provided is invalid.", "prose c": "password must be at least 8 characters long", "prose d": "Bearer token is missing from the request",
		"prose e": "secret: is required", "prose f": "Your Basic plan does not include this endpoint", "prose g": "signature does not match the expected value", "prose h": "Authorization header required",
		"prose i": "max_tokens: 4096 is too large", "prose j": "Rate limit reached for gpt-4o in organization org-" + of(Base62, 24) + " on tokens per min (TPM): Limit 30000", "prose k": "jwt expired", "prose l": "csrf token mismatch",
		"agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "agent b": "aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 md/GOARCH#amd64 api/s3#1.58.2",
		"agent c": "Stripe/v1 PythonBindings/10.1.0", "agent d": "okhttp/4.12.0", "pod": "checkout-7d9f8b6c5d-" + of(Base62[26:52], 5), "node": "ip-10-0-12-34.ec2.internal",
		"bucket key": "uploads/2026/06/18/" + uuid + "/original.jpg", "link": `<https://api.example.com/items?page=3&per_page=100>; rel="next"`, "docs": "https://docs.example.com/errors/invalid-api-key#how-to-fix",
		"account sid": "AC" + of(LowerHex, 32), "twilio call": "CA" + of(LowerHex, 32), "sendgrid message": of(Base62, 22) + ".filterdrecv-" + of(LowerHex, 10) + "-" + of(LowerHex, 5), "message id": "<" + of(Base62, 20) + "@mail.example.com>",
		"go panic": "goroutine 1 [running]: main.main() /app/main.go:42 +0x1d", "java": "at com.acme.auth.TokenFilter.doFilter(TokenFilter.java:118)", "python": `File "/srv/app/secrets/loader.py", line 44, in load_key`,
		"certificate": "-----BEGIN CERTIFICATE-----", "mime": "multipart/form-data; boundary=----WebKitFormBoundary" + of(Base62, 16), "accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "csp": "default-src 'self'; script-src 'nonce-" + of(Base62, 22) + "'",
		"coordinates": "48.137154,11.576124", "color": "#ff8800", "mac": "00:1A:2B:3C:4D:5E", "ipv6": "2001:db8:85a3::8a2e:370:7334", "path id": "/v2.0/vehicles/" + uuid + "/odometer", "money": "1,234,567.89 USD",
	}
}
