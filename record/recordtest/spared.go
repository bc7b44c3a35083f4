package recordtest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Spared are texts that must come through masking as they are: what somebody needs
// who looks for the cause of a failure, much of it beside words that also name
// credentials. The secret of each is empty.
func Spared(r *rand.Rand) []Planted {
	of := func(alphabet string, n int) string { return Random(r, alphabet, n) }
	const upper, digits = Base32, "0123456789"
	uuid := of(LowerHex, 8) + "-" + of(LowerHex, 4) + "-4" + of(LowerHex, 3) + "-b" + of(LowerHex, 3) + "-" + of(LowerHex, 12)
	kinds := strings.NewReplacer(
		"{uuid}", uuid, "{UUID}", strings.ToUpper(uuid), "{ulid}", "01J"+of("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 23), "{ksuid}", "2"+of(Base62, 26), "{hex8}", of(LowerHex, 8), "{hex16}", of(LowerHex, 16),
		"{hex24}", of(LowerHex, 24), "{hex32}", of(LowerHex, 32), "{hex40}", of(LowerHex, 40), "{hex64}", of(LowerHex, 64), "{t14}", of(Base62, 14), "{t24}", of(Base62, 24), "{up16}", of(upper, 16),
		"{d6}", "4"+of(digits, 5), "{d10}", "17"+of(digits, 8), "{d18}", "1"+of(digits, 17), "{vin}", "WVWZZZ1JZXW"+of(digits, 6),
		"{notluhn}", "4111 1111 1111 1112", "{order}", "5500000000000005", "{png}", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk", "{svg}", "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjwvc3ZnPg==")
	var out []Planted
	for _, place := range []Place{InBody, InURL, InHeader, InText} {
		for n, text := range strings.Split(strings.TrimSpace(spared[place]), "\n") {
			text = strings.ReplaceAll(kinds.Replace(strings.TrimSpace(text)), "⏎", "\n")
			out = append(out, Planted{Name: fmt.Sprintf("%s %d", place, n), Place: place, Text: text})
		}
	}
	return out
}

// spared are the texts of [Spared], one a line; "⏎" is a line end.
var spared = map[Place]string{
	InBody: `
{"error":{"code":"token_limit","message":"max_tokens is too large: 8192"},"usage":{"prompt_tokens":1024,"completion_tokens":17,"total_tokens":1041}}
{"request_id":"{uuid}","trace_id":"{hex32}","span_id":"{hex16}"}
{"id":"{ulid}","ksuid":"{ksuid}","object_id":"{hex24}"}
{"commit":"{hex40}","tree":"{hex40}","short":"{hex8}"}
{"sha256":"{hex64}","md5":"{hex32}","etag":"W/\"{hex32}\""}
{"vin":"{vin}","price":12345.67,"currency":"EUR","mileage":123456}
{"price":"1.234.567,89","total":"4,111.11","amount":4111111}
{"card":{"brand":"visa","last4":"4242","exp_month":12,"exp_year":2027,"fingerprint":"{t14}"}}
{"order_number":"{order}1","tracking":"1Z999AA10123456784"}
{"number":"{notluhn}"}
{"image":"{png}","type":"image/png"}
{"icon":"data:image/svg+xml;base64,{svg}"}
{"message":"Neither X-API-Key nor Authorization: Bearer token was sent."}
{"message":"The header Authorization: Bearer is not read by this route."}
{"errors":[{"field":"password","message":"must be at least 12 characters"}]}
{"errors":[{"field":"token","code":"expired"}]}
{"errors":[{"param":"api_key","message":"is missing","type":"missing"}]}
{"detail":[{"loc":["body","password"],"msg":"field required","type":"value_error.missing"}]}
{"detail":[{"loc":["query","vin"],"msg":"too short","input":"{vin}"}]}
{"errors":[{"path":["vehicle","vin"],"value":"{vin}"}]}
{"required":["password","email"]}
{"fields":["token","request_id"],"missing":["password"]}
{"key":"vehicle_id","value":"{uuid}"}
{"name":"region","value":"eu-central-1"}
{"value":"{uuid}","name":"correlation_id"}
{"headers":{"x-request-id":"{uuid}","content-type":"application/json"}}
{"headers":[["X-Request-Id","{uuid}"],["Retry-After","30"]]}
{"next_page_token":"{t24}{t14}","continuationToken":"{t24}{t14}"}
{"pageToken":"{t24}","sync_token":"{t24}{t14}"}
{"idempotency_key":"{uuid}","idempotencyKey":"{t24}"}
{"cache_key":"{hex32}","partition_key":"{t24}","sort_key":"2026#{hex8}"}
{"primary_key":"{hex24}","foreign_key":"{hex24}"}
{"public_key_id":"{hex16}","kid":"{hex40}"}
{"auth":"required","authenticated":false,"auth_type":"api_key"}
{"token_type":"bearer","expires_in":3600,"scope":"read write"}
{"session":"expired","session_count":17}
{"secret_name":"projects/17/secrets/db","secret_version":3}
{"password_policy":{"min_length":12,"symbols":true}}
{"password_reset_required":true,"password_expires_at":"2026-12-01T00:00:00Z"}
{"credentials_expired":true,"credential_id":"cred_{t14}"}
{"token_count":123456,"tokens_remaining":7000,"tokens":512}
{"limit_tokens":30000,"remaining_tokens":"29999"}
{"tokens":["the","quick","brown","fox"]}
{"api_keys_url":"https://dash.example.com/keys","api_key_status":"revoked"}
{"signature_valid":false,"signature_algorithm":"HS256"}
{"pin_attempts":3,"pinned":true}
{"mac_address":"00:1a:2b:3c:4d:5e","mac":"00:1a:2b:3c:4d:5e"}
{"state":"CA","code":"vin_not_found","status":"failed"}
{"code":17,"message":"Bearer token required"}
{"message":"Invalid API key provided."}
{"message":"The token has expired at 2026-06-18T12:00:00Z"}
{"message":"Your API key is invalid or was revoked."}
{"message":"password is required and must have a digit"}
{"message":"token is malformed: token contains an invalid number of segments"}
{"message":"Key (vin)=({vin}) already exists."}
{"message":"duplicate key value violates unique constraint \"requests_pkey\""}
{"message":"No such customer: 'cus_{t14}'; a similar object exists in test mode"}
{"message":"The object key uploads/{uuid}.jpg does not exist"}
{"message":"cache key {hex32} was evicted"}
{"message":"idempotency key {t24} was used with other parameters"}
{"message":"primary key {hex24} not found"}
{"message":"Unexpected token < in JSON at position 0"}
{"message":"Unexpected token '}', line 17 column 4"}
{"message":"SyntaxError: unexpected token EOF12345"}
{"message":"CSRF token missing or incorrect."}
{"message":"No session found for request {uuid}"}
{"message":"Secret version 3 of projects/17/secrets/db-main not found"}
{"message":"Basic plan allows 5000 calls a month"}
{"message":"Bearer realm=api"}
{"message":"Сервис временно недоступен, повторите позже"}
{"message":"Ошибка сервера API, код 503"}
{"message":"Το αίτημα απέτυχε, δοκιμάστε ξανά"}
{"message":"サービスは現在利用できません。しばらくしてから再試行してください。"}
{"message":"请求过于频繁，请稍后再试（限制：100次/分钟）"}
{"message":"요청 한도를 초과했습니다"}
{"message":"L’appel a échoué — réessayez dans 30 s"}
{"message":"Größe überschritten: 10 MB"}
{"message":"limit 5 000 requests – wait"}
{"message":"价格：４２ 元"}
{"help":"https://docs.example.com/api/keys#rotate-your-token"}
{"documentation_url":"https://docs.example.com/rest/overview/authenticating?apiVersion=2022-11-28"}
{"links":{"next":"https://api.example.com/v1/items?page=3&cursor={t24}"}}
{"resource":"arn:aws:iam::123456789012:role/errscope","request":"{UUID}"}
{"RequestId":"{up16}","HostId":"{t24}{t24}{t14}="}
<Error><Code>InvalidAccessKeyId</Code><Message>The key does not exist in our records.</Message><RequestId>{up16}</RequestId></Error>
<Error><Code>SignatureDoesNotMatch</Code><Resource>/bucket/key</Resource></Error>
<fault><code>900901</code><description>Invalid JWT token. Make sure you have provided the correct security credentials</description></fault>
<key>vehicle</key><string>{vin}</string>
<input type="text" name="vin" value="{vin}">
<meta name="viewport" content="width=device-width, initial-scale=1">
error: token⏎  expired: true⏎  request: {uuid}⏎
password:⏎  required: true⏎  min_length: 12⏎
secret:⏎  name: db-main⏎  version: 3⏎
key:⏎  vehicle_id⏎
token:⏎⏎The request needs a token.⏎
user=jo&vin={vin}&ref={t14}
grant_type=client_credentials&scope=read
--b⏎Content-Disposition: form-data; name="vin"⏎⏎{vin}⏎--b--
{"run_id":"run_{t24}","thread_id":"thread_{t24}","assistant_id":"asst_{t24}"}
{"id":"chatcmpl-{t24}{hex8}","system_fingerprint":"fp_{hex8}44"}
{"id":"msg_{t24}","model":"claude-3-5-sonnet-20241022"}
{"payment_intent":"pi_{t24}","charge":"ch_{t24}","invoice":"in_{t24}"}
{"client_id":"{hex32}","app_id":"{d18}"}
{"zone":"{hex32}","account":{"id":"{hex32}"},"ray":"{hex16}"}
{"sid":"CA{hex32}","account_sid":"AC{hex32}"}
{"meta":{"requestId":"{hex8}-{hex8}","timestamp":{d10}}}
{"device":"{UUID}","build":"2026.06.18-{hex8}"}
{"coordinates":[48.137154,11.576124],"geohash":"u281z7j5q"}
{"transaction":"0x{hex64}","block":19876543}
{"docker":"sha256:{hex64}","image":"api:{hex8}"}
`,
	InURL: `
/v1/vehicles/{uuid}/odometer
/v1/vehicles/{vin}/history?year=2026&state=CA
/v1/tokens/tok_{t24}
/v1/keys/{uuid}/usage
/oauth/token
/oauth/token/introspect
/api/token/refresh
/v1/password/reset
/reset-password
/reset-password/success
/v1/sessions/{uuid}
/v1/secrets/db-main/versions/3
/v1/items?cursor={t24}&limit=100
/v1/items?page_token={t24}{t14}
/v1/objects?prefix=keys/{uuid}
/v1/messages/{ulid}
/v1/commits/{hex40}
/v1/blobs/sha256:{hex64}
/specs?vin={vin}&format=json
/v1/search?q=token+limit+exceeded
/v1/search?q=%D0%BF%D0%BE%D0%B8%D1%81%D0%BA
/static/app.{hex8}.js?v={hex8}
/v1/orders/{order}1?expand=items
/v1/zones/{hex32}/dns_records
/2010-04-01/Accounts/AC{hex32}/Calls/CA{hex32}.json
//cdn.example.com/a@2x.png
/v1/users/jo@example.org/profile
/npm/@acme/api-client@4.17.21/index.js
/v1?fields=token,key,secret&limit=10
/v1?sort=key&order=desc&keys=17
`,
	InHeader: `
X-Request-Id: {uuid}
X-Amzn-RequestId: {UUID}
X-Amz-Request-Id: {up16}
X-Amz-Id-2: {t24}{t24}{t14}{t14}=
CF-RAY: {hex16}-FRA
X-GitHub-Request-Id: {hex8}:{hex8}:17:18:{hex8}
X-Trace-Id: {hex32}
traceparent: 00-{hex32}-{hex16}-01
X-B3-TraceId: {hex32}
X-Cloud-Trace-Context: {hex32}/{d18};o=1
ETag: "{hex32}"
ETag: W/"{hex8}-{t24}"
Idempotency-Key: {uuid}
X-Cache-Key: {hex32}
Surrogate-Key: {hex32} {hex8}
X-Served-By: cache-fra-etou8220098-FRA
X-Timer: S{d10}.123456,VS0,VE17
X-RateLimit-Limit-Tokens: 30000
X-RateLimit-Remaining: 4999
X-Goog-Hash: crc32c=n03x6A==
Digest: sha-256={t24}{t14}AAAAA=
Content-MD5: {t14}{hex8}==
X-Envoy-Upstream-Service-Time: 17
X-Token-Type: bearer
X-Next-Page-Token: {t24}{t14}
X-Key-Id: {hex16}
WWW-Authenticate: Bearer realm="api", error="invalid_token", error_description="The token has expired"
WWW-Authenticate: Basic realm="Restricted area"
Retry-After: Thu, 18 Jun 2026 12:30:45 GMT
Server: nginx/1.25.3
Via: 1.1 {hex32}.cloudfront.net (CloudFront)
Host: api.example.com
Link: <https://api.example.com/v1/items?cursor={t24}>; rel="next"
`,
	InText: `
dial tcp 192.0.2.7:443: connect: connection refused
Get "https://api.example.com/v1/specs?vin={vin}": context deadline exceeded
curl: (28) Operation timed out after 30001 milliseconds
curl -i https://api.example.com/v1/specs
token bucket empty, 17 waiting
unexpected token at line 17
no password was given
password authentication failed for user "jo"
missing key "vin" in request {uuid}
key not found: vehicles/{uuid}
object key {hex40} not found
cache key {hex32} expired
message key {t24} has no partition
page token {t24} is invalid
the continuation token {t24} has expired
duplicate key {hex24}
request {hex32} failed after 3 attempts
trace {hex32} span {hex16}
commit {hex40} deployed
order {order}1 was declined
ratio 4111.1111.1111.1112
user jo -> admin
state: a -> b, code: 17 => 18
retry -> 2026-06-18T12:30:45Z
identified by its VIN {vin}
see https://docs.example.com/tokens/rotate?from=error
the secret is out of date
the key is {d6}
token is not valid before 2026-06-18T12:30:45Z
mailto:jo@example.org, sip:jo@example.org:5060
git@github.example:acme/api.git
npm:@acme/api@4.17.21
`,
}
