package classify

import (
	"strings"
	"testing"

	"github.com/errscope/errscope/record"
)

// trap is one place where a reference misleads, and the right answer.
type trap struct {
	name    string
	target  string // method and URL
	status  int
	headers []record.Header
	body    string
	want    []string
}

func (c *trap) run(t *testing.T) {
	t.Helper()
	t.Run(c.name, func(t *testing.T) {
		t.Helper()
		method, url, _ := strings.Cut(c.target, " ")
		r := call(t, method, url, c.status, c.headers, c.body)
		set, err := shipped()
		if err != nil {
			t.Fatal(err)
		}
		if NewEngine(set, nil, false).SentBack(r.Exchange) {
			r.Direction = record.Callback
		}
		expect(t, label(t, r), c.want...)
	})
}

const (
	signals  = "GET https://vehicle.api.smartcar.com/v3/vehicles/v1/signals"
	elderly  = "GET https://api.smartcar.com/v2.0/vehicles/v1/odometer"
	redirect = "GET https://app.example.com/connect/smartcar/callback?state=s&"
)

// one is a body of v3 with one error; rest is what follows type and code.
func one(typ, code, rest string) string {
	return `{"errors":[{"type":"` + typ + `","code":"` + code + `","title":"T","detail":"D"` + rest + `}]}`
}

// TestSmartcarTraps holds traps 11 to 21.
func TestSmartcarTraps(t *testing.T) {
	resolution := func(typ string) string { return `,"resolution":{"type":"` + typ + `"}` }
	for _, c := range []trap{
		{"11 430 of the plan", signals, 430, nil, one("BILLING", "INVALID_PLAN", ""), []string{"category billing", "retry fix_account", "fault account"}},
		{"11 430 of the allowance", signals, 430, nil, one("BILLING", "VEHICLE_REQUEST_LIMIT", ""), []string{"category quota", "retry next_period"}},
		{"11 430 of a capacity", signals, 430, nil, one("BILLING", "VEHICLE_LIMIT", ""), []string{"category quota", "retry fix_account"}},
		{"11 430 without a body", signals, 430, nil, "", []string{"confidence ambiguous", "fault account", "contact_support true"}},
		{"12 501 is no outage", signals, 501, nil, one("COMPATIBILITY", "MAKE_NOT_COMPATIBLE", ""), []string{"category unsupported", "retry never", "outage false"}},
		{"12 501 that the owner cures", signals, 501, nil, one("COMPATIBILITY", "PLATFORM_NOT_CAPABLE", resolution("REAUTHENTICATE")), []string{"category unsupported", "retry end_user_action"}},
		{"13 500 that comes again", signals, 500, nil, one("SERVER", "RECORD_NOT_FOUND", ""), []string{"category server", "retry never", "contact_support true", "outage false"}},
		{"14 a rate limit under 502", signals, 502, nil, one("UPSTREAM", "RATE_LIMIT", resolution("RETRY_LATER")), []string{"category rate_limit", "fault upstream", "outage false"}},
		{"14 the type of the same name", signals, 429, nil, one("RATE_LIMIT", "VEHICLE", ""), []string{"category rate_limit", "fault caller"}},
		{"15 a 400 of the owner", signals, 400, nil, one("CONNECTED_SERVICES_ACCOUNT", "SUBSCRIPTION", ""), []string{"category end_user", "fault end_user"}},
		{"15 permission of the owner", signals, 400, nil, one("CONNECTED_SERVICES_ACCOUNT", "PERMISSION", ""), []string{"category end_user"}},
		{"16 permission under authentication", signals, 403, nil, one("AUTHENTICATION", "ACCESS_DENIED", ""), []string{"category permission", "retry fix_account"}},
		{"16 the same in v2", elderly, 403, nil, `{"type":"PERMISSION","code":null,"description":"D","statusCode":403}`, []string{"category permission", "retry fix_account"}},
		{"17 a goal that is reached", signals, 409, nil, one("VEHICLE_STATE", "FULLY_CHARGED", ""), []string{"category state", "benign true", "failure true"}},
		{"17 a command that really failed", signals, 409, nil, one("VEHICLE_STATE", "CHARGING_IN_PROGRESS", ""), []string{"category state", "retry after_state_change", "benign false"}},
		{"17 the same when it was asked for", "POST https://vehicle.api.smartcar.com/v3/vehicles/v1/commands/charge/start", 409, nil, one("VEHICLE_STATE", "CHARGING_IN_PROGRESS", ""), []string{"category state", "benign true", "fault none"}},
		{"17 the same in v2", "POST https://api.smartcar.com/v2.0/vehicles/v1/charge", 409, nil, `{"type":"VEHICLE_STATE","code":"CHARGING_IN_PROGRESS","description":"D","statusCode":409}`, []string{"benign true"}},
		{"17 a 409 without a body", signals, 409, nil, "", []string{"category state", "retry after_state_change", "benign false", "confidence ambiguous"}},
		{"18 the body's status counts", signals, 200, nil, one("VEHICLE_STATE", "ASLEEP", `,"status":"409"`), []string{"failure true", "category state", "body_status 409"}},
		{"18 also in the flat form", signals, 202, nil, `{"type":"UPSTREAM","code":"NO_RESPONSE","title":"T","detail":"D","status":502}`, []string{"failure true", "category upstream", "body_status 502", "outage true"}},
		{"18 for codes that no table lists", signals, 200, nil, one("NEW", "THING", `,"status":502`), []string{"failure true", "category upstream", "body_status 502"}},
		{"19 the owner logs in again", signals, 400, nil, one("OWNER", "LINK_EXPIRED", resolution("REAUTHENTICATE")), []string{"category end_user", "retry end_user_action", "fault end_user"}},
		{"19 a bare word", signals, 500, nil, one("NEW", "THING", `,"resolution":"CONTACT_SUPPORT"`), []string{"retry never", "contact_support true", "outage false"}},
		{"19 null", signals, 500, nil, one("NEW", "THING", `,"resolution":null`), []string{"category server", "contact_support true"}},
		{"19 a type of null", elderly, 502, nil, `{"type":"NEW","code":"THING","description":"D","statusCode":502,"resolution":{"type":null}}`, []string{"category upstream", "code THING"}},
		{"20 an owner who declines", redirect + "error=access_denied&error_description=User+denied+access.", 302, nil, "", []string{"vendor smartcar", "failure true", "category end_user", "code access_denied", "message User denied access.", "outage false"}},
		{"20 Connect itself", redirect + "error=server_error", 200, nil, "", []string{"category server", "retry backoff", "outage true"}},
		{"20 a configuration of ours", redirect + "error=configuration_error&status_code=400&error_message=Test", 302, nil, "", []string{"category validation", "fault caller"}},
		{"20 an unknown word of Connect's", redirect + "error=new_trouble", 302, nil, "", []string{"failure true", "vendor smartcar", "code new_trouble", "category unknown"}},
		{"20 no error", redirect + "code=c", 302, nil, "", []string{"failure false", "vendor smartcar"}},
		{"21 mixed case", elderly, 429, headers("Retry-After", "34"), `{"type":"RATE_LIMIT","code":"Vehicle","description":"D","statusCode":429}`, []string{"code Vehicle", "retry after_reset", "retry_after_s 34"}},
		{"v3 without type", signals, 409, nil, `{"errors":[{"code":"ASLEEP","detail":"D"}]}`, []string{"category state", "code ASLEEP"}},
		{"v3 without code", signals, 502, nil, `{"errors":[{"type":"UPSTREAM","title":"T","status":"502"}]}`, []string{"category upstream", "type UPSTREAM", "code "}},
		{"the header alone names the vendor", "GET https://proxy.internal.example/x", 409, headers("SC-Request-Id", "r1"), one("VEHICLE_STATE", "ASLEEP", ""), []string{"vendor smartcar", "category state", "request_id r1"}},
		{"v1", "GET https://api.smartcar.com/v1.0/vehicles/v1", 409, headers("sc-request-id", "r2"), `{"error":"vehicle_state_error","message":"M","code":"VS_000"}`, []string{"category state", "type vehicle_state_error", "code VS_000", "request_id r2"}},
		{"OAuth", "POST https://auth.smartcar.com/oauth/token", 401, nil, `{"error":"invalid_client","error_description":"D"}`, []string{"category authentication", "retry fix_account", "code invalid_client"}},
	} {
		c.run(t)
	}
}

const valuations = "GET https://caravanguide.co.uk/api/v1/valuations/search?manufacturer=Swift"

func caravan(code string) string {
	return `{"success":false,"error":{"code":"` + code + `","message":"M"},"meta":{"request_id":"m1","version":"v1"}}`
}

// TestCaravanGuideTraps holds traps 22 to 25.
func TestCaravanGuideTraps(t *testing.T) {
	window := headers("X-RateLimit-Limit", "60", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1781775060")
	for _, c := range []trap{
		{"22 401 that a program cures", valuations, 401, nil, caravan("expired_token"), []string{"category authentication", "retry reauthenticate"}},
		{"22 401 that it does not", valuations, 401, nil, caravan("invalid_api_key"), []string{"category authentication", "retry fix_account"}},
		{"22 401 without a body", valuations, 401, nil, "", []string{"confidence ambiguous", "category authentication", "retry unknown"}},
		{"22 429 of the minute", valuations, 429, window, caravan("rate_limit_exceeded"), []string{"category rate_limit", "retry after_reset", "retry_at 2026-06-18T09:31:00Z"}},
		{"22 429 of the month", valuations, 429, window, caravan("api_usage_allowance_exceeded"), []string{"category quota", "retry next_period", "retry_source ", "retry_after_s -1"}},
		{"22 429 without a body", valuations, 429, window, "", []string{"confidence ambiguous", "category unknown", "retry unknown"}},
		{"22 503 without a body", valuations, 503, nil, "", []string{"category unavailable", "retry when_available", "confidence status"}},
		{"23 a 403 that a new token cures", valuations, 403, nil, caravan("revoked_token"), []string{"category authentication", "retry reauthenticate"}},
		{"23 a 403 without a body", valuations, 403, nil, "", []string{"confidence ambiguous", "retry fix_account", "contact_support false"}},
		{"24 a grant type that is wrong", "POST https://caravanguide.co.uk/api/v1/oauth/token", 400, nil, caravan("invalid_grant"), []string{"category validation", "retry fix_request", "fault caller"}},
		{"25 the operator's switch", valuations, 503, nil, caravan("api_platform_disabled"), []string{"category unavailable", "retry when_available", "outage true"}},
		{"without meta", valuations, 403, headers("X-Request-Id", "h1"), `{"success":false,"error":{"code":"scope_missing","message":"M"}}`, []string{"category permission", "request_id h1", "confidence exact"}},
		{"the vendor's website is not its API", "GET https://caravanguide.co.uk/news", 503, nil, "", []string{"vendor unknown"}},
	} {
		c.run(t)
	}
}

const (
	agentic = "POST https://api.aionvision.tech/api/v2/agents/search/images"
	stream  = "POST https://api.aionvision.tech/api/v2/chat/sessions/42/messages/stream"
)

func middleware(code, message string) string {
	return `{"error":{"code":"` + code + `","message":"` + message + `","details":{}},"request_id":"q1"}`
}

// TestAionvisionTraps holds traps 27 to 34.
func TestAionvisionTraps(t *testing.T) {
	for _, c := range []trap{
		{"27 a code without a status", agentic, record.Absent, nil, middleware("USAGE_LIMIT_EXCEEDED", "M"), []string{"failure true", "category quota", "retry next_period"}},
		{"27 one code under two statuses", agentic, 502, nil, middleware("VLM_PROVIDER_ERROR", "M"), []string{"category upstream", "outage true"}},
		{"28 a file that is too big", agentic, 413, nil, middleware("HTTP_413", "File exceeds maximum size limit"), []string{"category validation", "retry fix_request"}},
		{"28 storage that is full", agentic, 413, nil, middleware("HTTP_413", "Storage quota exceeded"), []string{"category quota", "retry fix_account"}},
		{"28 the same as text", agentic, 413, nil, `{"detail":"Storage quota exceeded"}`, []string{"category quota", "retry fix_account", "code "}},
		{"28 a 429 that is an allowance", agentic, 429, nil, `{"detail":"Upload quota exceeded for this billing period"}`, []string{"category quota", "retry next_period"}},
		{"28 another status as a code", agentic, 418, nil, middleware("HTTP_418", "M"), []string{"vendor aionvision", "code HTTP_418"}},
		{"29 a 504 that wants less", agentic, 504, nil, middleware("TIMEOUT", "Operation timed out"), []string{"category timeout", "retry fix_request", "outage false"}},
		{"29 also without a body", agentic, 504, nil, "", []string{"category timeout", "retry fix_request", "outage false"}},
		{"30 an expired key", agentic, 401, nil, middleware("EXPIRED_API_KEY", "M"), []string{"category authentication", "retry fix_account"}},
		{"31 detail as text", agentic, 404, nil, `{"detail":"Rule not found"}`, []string{"category not_found", "message Rule not found", "request_id "}},
		{"31 detail as an object", agentic, 400, nil, `{"detail":{"code":"VALIDATION_ERROR","message":"M","field":"limit"}}`, []string{"category validation", "code VALIDATION_ERROR", "message M"}},
		{"31 detail as a list", agentic, 422, nil, `{"detail":[{"loc":["query","limit"],"msg":"too much","type":"value_error"}]}`, []string{"category validation", "message too much"}},
		{"31 the id of the middleware", agentic, 500, headers("X-Request-Id", "h1"), middleware("HTTP_500", "M"), []string{"request_id q1"}},
		{"32 a failure in a stream", stream, 200, headers("Content-Type", "text/event-stream"), "event: token\ndata: {\"type\":\"token\",\"content\":\"a\"}\n\nevent: error\ndata: {\"type\":\"error\",\"message\":\"Monthly chat limit reached (200/200).\",\"code\":\"USAGE_LIMIT_EXCEEDED\"}\n\n",
			[]string{"failure true", "category quota", "retry next_period", "quota.used 200", "quota.limit 200", "quota.name chat"}},
		{"32 a sound stream", stream, 200, headers("Content-Type", "text/event-stream"), "event: complete\ndata: {\"type\":\"complete\",\"content\":\"done\"}\n\n", []string{"failure false", "vendor aionvision"}},
		{"32 the chat's shape", agentic, 400, nil, `{"error":"E","error_code":"VALIDATION_ERROR","detail":"D","timestamp":"2026-06-18T09:30:00Z"}`, []string{"code VALIDATION_ERROR", "message D"}},
		{"32 the files' shape", agentic, 422, nil, `{"error":"IMAGE_PROCESSING_ERROR","message":"M","details":{}}`, []string{"code IMAGE_PROCESSING_ERROR", "category validation", "message M"}},
		{"33 an image that fails", agentic, 422, nil, middleware("IMAGE_PROCESSING_ERROR", "M"), []string{"category validation", "retry fix_request"}},
		{"34 a limit in the message", agentic, 429, nil, middleware("RATE_LIMIT_ERROR", "Rate limit exceeded: 100 calls per 60 seconds"), []string{"category rate_limit", "retry backoff", "quota.limit 100"}},
	} {
		c.run(t)
	}
}

// TestGenericTraps holds trap 26 and what the generic reference leaves to others.
func TestGenericTraps(t *testing.T) {
	const users = "POST https://api.acme.example/api/v1/users"
	for _, c := range []trap{
		{"26 a balance without a status", users, record.Absent, nil, `{"error":{"code":"INSUFFICIENT_BALANCE","message":"M","details":{"required":"100.00","available":"50.50"}}}`, []string{"vendor generic", "category declined", "retry fix_account", "code INSUFFICIENT_BALANCE"}},
		{"a code that nobody knows", users, 400, nil, `{"error":{"code":"TENANT_RULE_17","message":"M"}}`, []string{"vendor generic", "category validation", "code TENANT_RULE_17", "confidence generic"}},
	} {
		c.run(t)
	}
}

// TestNobodysWords: words and shapes that many share name no vendor, where
// neither host nor header does.
func TestNobodysWords(t *testing.T) {
	for _, body := range []string{
		`{"error":{"code":"INVALID_API_KEY","message":"M","details":{}},"request_id":"q1"}`,
		`{"error":{"code":"HTTP_404","message":"M","details":{}},"request_id":"q1"}`,
		`{"error":{"code":"TIMEOUT","message":"M","details":null},"request_id":"q1"}`,
		`{"error":{"code":"VALIDATION_ERROR","message":"M","details":{}},"request_id":"q1"}`,
		`{"success":false,"error":{"code":"invalid_request","message":"M"},"meta":{"request_id":"m1","version":"v2"}}`,
		`{"success":false,"error":{"code":"rate_limit_exceeded","message":"M"},"meta":{"request_id":"m1","version":"v2"}}`,
		`{"error":"access_denied","message":"M"}`,
		`{"error":"configuration_error","message":"M"}`,
		`{"error":"no_vehicles","message":"M","code":"PERMISSION"}`,
		`{"type":"error","code":"configuration_error","message":"M"}`,
		`{"type":"authentication_error","code":"AUTHENTICATION_FAILED","message":"M"}`,
		`{"type":"https://errors.example/permission","title":"T","status":403,"code":"PERMISSION"}`,
		`{"type":"RESOURCE_NOT_FOUND","code":"USER","description":"D"}`,
		`{"type":"invalid_request_error","code":"PARAMETER","message":"M"}`,
		`{"errors":[{"type":"validation","code":"VERSION","title":"T","detail":"D"}]}`,
		`{"errors":[{"type":"client_error","code":"UNKNOWN","title":"T"}]}`,
		`{"errors":[{"type":"SERVER","code":"UNREACHABLE","title":"T"}]}`,
		`{"error":"invalid_grant","error_description":"D"}`,
	} {
		if out := label(t, acme(t, 403, nil, body)); out.Vendor != record.VendorGeneric {
			t.Errorf("%s: vendor %s (%s)", body, out.Vendor, strings.Join(out.Evidence, "; "))
		}
	}
	for body, want := range map[string]string{
		one("VEHICLE_STATE", "ASLEEP", ""): "smartcar",
		one("UPSTREAM", "RATE_LIMIT", `,"links":{"about":"https://smartcar.com/docs/errors"}`): "smartcar",
		`{"type":"COMPATIBILITY","code":"MAKE_NOT_COMPATIBLE","description":"D"}`:              "smartcar",
		caravan("api_usage_allowance_exceeded"):                                                "caravanguide",
		middleware("VLM_PROVIDER_ERROR", "M"):                                                  "aionvision",
	} {
		if out := label(t, acme(t, 403, nil, body)); out.Vendor != want {
			t.Errorf("%s: vendor %s, want %s (%s)", body, out.Vendor, want, strings.Join(out.Evidence, "; "))
		}
	}
}
