package classify

import (
	"testing"
	"time"

	"github.com/errscope/errscope/record"
)

// TestStatedWaits holds the forms in which servers say how long to wait. The
// event is at 09:30:00 UTC, so an instant reads from there.
func TestStatedWaits(t *testing.T) {
	const none = "0001-01-01T00:00:00Z"
	for _, c := range []struct {
		name    string
		status  int
		headers []record.Header
		at      string
		seconds string
		source  string
		retry   string
	}{
		{"seconds", 429, headers("Retry-After", "30"), "2026-06-18T09:30:30Z", "30", "header:retry-after", "after_reset"},
		{"fraction", 429, headers("retry-after", "1.5"), "2026-06-18T09:30:01Z", "1.5", "header:retry-after", "after_reset"},
		{"zero", 429, headers("retry-after", "0"), "2026-06-18T09:30:00Z", "0", "header:retry-after", "after_reset"},
		{"spaces", 503, headers("retry-after", "  120 "), "2026-06-18T09:32:00Z", "120", "header:retry-after", "after_reset"},
		{"large", 429, headers("retry-after", "5000"), "2026-06-18T10:53:20Z", "5000", "header:retry-after", "after_reset"},
		{"http date", 503, headers("retry-after", "Thu, 18 Jun 2026 09:31:00 GMT"), "2026-06-18T09:31:00Z", "60", "header:retry-after", "after_reset"},
		{"rfc 850 date", 503, headers("retry-after", "Thursday, 18-Jun-26 09:31:00 GMT"), "2026-06-18T09:31:00Z", "60", "header:retry-after", "after_reset"},
		{"asctime", 503, headers("retry-after", "Thu Jun 18 09:31:00 2026"), "2026-06-18T09:31:00Z", "60", "header:retry-after", "after_reset"},
		{"just past", 429, headers("retry-after", "Thu, 18 Jun 2026 09:29:30 GMT"), "2026-06-18T09:29:30Z", "0", "header:retry-after", "after_reset"},
		{"epoch as retry-after", 429, headers("retry-after", "1781775060"), "2026-06-18T09:31:00Z", "60", "header:retry-after", "after_reset"},
		{"milliseconds", 429, headers("retry-after-ms", "1500", "retry-after", "2"), "2026-06-18T09:30:01Z", "1.5", "header:retry-after-ms", "after_reset"},
		{"counts from Date", 429, headers("date", "Thu, 18 Jun 2026 09:00:00 GMT", "retry-after", "60"), "2026-06-18T09:01:00Z", "60", "header:retry-after", "after_reset"},
		{"bad date counts from the event", 429, headers("date", "yesterday", "retry-after", "60"), "2026-06-18T09:31:00Z", "60", "header:retry-after", "after_reset"},
		{"words", 429, headers("retry-after", "soon"), none, "-1", "", "backoff"},
		{"negative", 429, headers("retry-after", "-5"), none, "-1", "", "backoff"},
		{"empty", 429, headers("retry-after", " "), none, "-1", "", "backoff"},
		{"too far", 429, headers("retry-after", "99999999"), none, "-1", "", "backoff"},
		{"epoch seconds", 429, headers("X-RateLimit-Reset", "1781775060"), "2026-06-18T09:31:00Z", "60", "header:x-ratelimit-reset", "after_reset"},
		{"epoch milliseconds", 429, headers("x-ratelimit-reset", "1781775060000"), "2026-06-18T09:31:00Z", "60", "header:x-ratelimit-reset", "after_reset"},
		{"delta seconds", 429, headers("x-rate-limit-reset", "27"), "2026-06-18T09:30:27Z", "27", "header:x-rate-limit-reset", "after_reset"},
		{"delta with fraction", 429, headers("ratelimit-reset", "0.5"), "2026-06-18T09:30:00Z", "0.5", "header:ratelimit-reset", "after_reset"},
		{"duration", 429, headers("x-ratelimit-reset", "6m0s"), "2026-06-18T09:36:00Z", "360", "header:x-ratelimit-reset", "after_reset"},
		{"duration in milliseconds", 429, headers("x-ratelimit-reset", "12ms"), "2026-06-18T09:30:00Z", "0.012", "header:x-ratelimit-reset", "after_reset"},
		{"rfc 3339", 429, headers("x-ratelimit-reset", "2026-06-18T09:31:00Z"), "2026-06-18T09:31:00Z", "60", "header:x-ratelimit-reset", "after_reset"},
		{"rfc 3339 with zone", 429, headers("x-ratelimit-reset", "2026-06-18T11:31:00+02:00"), "2026-06-18T09:31:00Z", "60", "header:x-ratelimit-reset", "after_reset"},
		{"javascript date", 429, headers("x-ratelimit-reset", "Thu Jun 18 2026 10:31:00 GMT+0100 (British Summer Time)"), "2026-06-18T09:31:00Z", "60", "header:x-ratelimit-reset", "after_reset"},
		{"list, the used up window", 429, headers("x-ratelimit-remaining", "5, 0", "x-ratelimit-reset", "1, 1419704"), "2026-07-04T19:51:44Z", "1.419704e+06", "header:x-ratelimit-reset", "after_reset"},
		{"list, the first window", 429, headers("x-ratelimit-reset", "1, 1419704"), "2026-06-18T09:30:01Z", "1", "header:x-ratelimit-reset", "after_reset"},
		{"epoch long past", 429, headers("x-ratelimit-reset", "1394208204"), none, "-1", "", "backoff"},
		{"epoch far ahead", 429, headers("x-ratelimit-reset", "1900000000"), none, "-1", "", "backoff"},
		{"retry-after before reset", 429, headers("x-ratelimit-reset", "27", "retry-after", "4"), "2026-06-18T09:30:04Z", "4", "header:retry-after", "after_reset"},
		{"draft", 429, headers("RateLimit", `"default";r=0;t=30`), "2026-06-18T09:30:30Z", "30", "header:ratelimit", "after_reset"},
		{"draft with two policies", 429, headers("ratelimit", `"day";r=900;t=8000, "burst";r=0;t=7`), "2026-06-18T09:30:07Z", "7", "header:ratelimit", "after_reset"},
		{"older draft", 429, headers("ratelimit", "limit=100, remaining=0, reset=7"), "2026-06-18T09:30:07Z", "7", "header:ratelimit", "after_reset"},
		{"malformed draft", 429, headers("ratelimit", `"default";r=x;;t`), none, "-1", "", "backoff"},
		{"reset on a 401", 401, headers("x-ratelimit-reset", "27"), none, "-1", "", "fix_account"},
		{"retry-after on a 414", 414, headers("retry-after", "0"), none, "-1", "", "fix_request"},
		{"retry-after on a 413", 413, headers("retry-after", "9"), "2026-06-18T09:30:09Z", "9", "header:retry-after", "fix_request"},
		{"retry-after on a 403 with nothing left", 403, headers("x-ratelimit-remaining", "0", "retry-after", "9"), "2026-06-18T09:30:09Z", "9", "header:retry-after", "fix_account"},
		{"retry-after on a plain 403", 403, headers("retry-after", "9"), none, "-1", "", "fix_account"},
		{"retry-after on a 502", 502, headers("retry-after", "9"), "2026-06-18T09:30:09Z", "9", "header:retry-after", "backoff"},
		{"retry-after on a 202", 202, headers("retry-after", "9"), "2026-06-18T09:30:09Z", "9", "header:retry-after", ""},
		{"retry-after on a 302", 302, headers("retry-after", "9"), "2026-06-18T09:30:09Z", "9", "header:retry-after", ""},
		{"retry-after on a 200", 200, headers("retry-after", "9"), none, "-1", "", ""},
		{"should retry, no", 500, headers("x-should-retry", "false"), none, "-1", "", "never"},
		{"should retry, yes", 409, headers("x-should-retry", "true"), none, "-1", "", "backoff"},
		{"should retry, stripe", 409, headers("Stripe-Should-Retry", "TRUE"), none, "-1", "", "backoff"},
		{"should retry, no news", 400, headers("x-should-retry", "false"), none, "-1", "", "fix_request"},
		{"should retry, nonsense", 500, headers("x-should-retry", "perhaps"), none, "-1", "", "backoff"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := label(t, acme(t, c.status, c.headers, ""))
			expect(t, out, "retry_at "+c.at, "retry_after_s "+c.seconds, "retry_source "+c.source, "retry "+c.retry)
		})
	}
}

// TestWaitWithoutTime has neither a Date header nor a time in the log: the
// clock on the wall must not stand in.
func TestWaitWithoutTime(t *testing.T) {
	r := acme(t, 429, headers("retry-after", "30"), "")
	r.TimeDigits, r.TimeNS = record.Absent, 0
	out := label(t, r)
	if !out.RetryAt.IsZero() || out.RetryAfterS != 30 || out.Retry != record.RetryAfterReset {
		t.Errorf("got %v, %v s, %s", out.RetryAt, out.RetryAfterS, out.Retry)
	}
	r.Headers = headers("x-ratelimit-reset", "1781775060")
	out = label(t, r)
	if out.RetryAt.Format(time.RFC3339) != "2026-06-18T09:31:00Z" || out.RetryAfterS != record.Absent {
		t.Errorf("got %v, %v s", out.RetryAt, out.RetryAfterS)
	}
}

// TestQuotaIsNoRateLimit keeps the short window out of a quota failure.
func TestQuotaIsNoRateLimit(t *testing.T) {
	r := carsxe(t, "/specs?key=k", 429, failure("API limit exceeded for specs (6/2026). Subscription tier: pro. Current usage: 7, Limit: 7."))
	r.Headers = headers("x-ratelimit-limit", "60", "x-ratelimit-remaining", "0", "x-ratelimit-reset", "1781775060")
	out := label(t, r)
	expect(t, out, "retry next_period", "retry_after_s -1", "quota.limit 7", "quota.used 7", "quota.remaining -1")
	if !out.RetryAt.IsZero() || !out.Quota.ResetAt.IsZero() {
		t.Errorf("a short window's reset became the quota's: %v %v", out.RetryAt, out.Quota.ResetAt)
	}
}

// TestLimitHeaders holds what the headers say of an allowance, on successes too.
func TestLimitHeaders(t *testing.T) {
	for _, c := range []struct {
		name    string
		headers []record.Header
		want    []string
		resetAt string
	}{
		{"triplet", headers("X-RateLimit-Limit", "60", "X-RateLimit-Remaining", "59", "X-RateLimit-Reset", "30"),
			[]string{"quota.limit 60", "quota.remaining 59", "quota.used -1"}, "2026-06-18T09:30:30Z"},
		{"with used", headers("x-ratelimit-limit", "5000", "x-ratelimit-used", "12"), []string{"quota.limit 5000", "quota.used 12"}, ""},
		{"two windows, the first", headers("x-ratelimit-limit", "1, 15000", "x-ratelimit-remaining", "1, 14523"), []string{"quota.limit 1", "quota.remaining 1"}, ""},
		{"two windows, the empty one", headers("x-ratelimit-limit", "1, 15000", "x-ratelimit-remaining", "1, 0"), []string{"quota.limit 15000", "quota.remaining 0"}, ""},
		{"floats", headers("x-ratelimit-remaining", "597.0"), []string{"quota.remaining 597"}, ""},
		{"thousands", headers("x-ratelimit-limit", "10,000"), []string{"quota.limit 10000"}, ""},
		{"draft", headers("ratelimit", `"daily";r=50;t=60`, "ratelimit-policy", `"burst";q=9;w=1,"daily";q=1000;w=86400`),
			[]string{"quota.name daily", "quota.remaining 50", "quota.limit 1000"}, "2026-06-18T09:31:00Z"},
		{"older policy", headers("ratelimit-limit", "500", "ratelimit-remaining", "499", "ratelimit-policy", "500; w=60"), []string{"quota.limit 500", "quota.remaining 499"}, ""},
		{"nothing but a reset", headers("x-ratelimit-reset", "30"), []string{"quota.limit -1", "quota.remaining -1"}, ""},
		{"nonsense", headers("x-ratelimit-limit", "many"), []string{"quota.limit -1"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := label(t, acme(t, 200, c.headers, ""))
			expect(t, out, append(c.want, "failure false", "vendor unknown")...)
			got := ""
			if !out.Quota.ResetAt.IsZero() {
				got = out.Quota.ResetAt.Format(time.RFC3339)
			}
			if got != c.resetAt {
				t.Errorf("reset at %q, want %q", got, c.resetAt)
			}
		})
	}
}

// TestRequestID holds the order in which ids count.
func TestRequestID(t *testing.T) {
	for _, c := range []struct {
		name    string
		headers []record.Header
		body    string
		log     string
		want    string
	}{
		{"header", headers("X-Request-Id", "a"), "", "", "a"},
		{"vendor's before the edge's", headers("cf-ray", "edge", "request-id", "req_1"), "", "", "req_1"},
		{"edge as the last resort", headers("cf-ray", "edge"), "", "", "edge"},
		{"body before the edge", headers("cf-ray", "edge"), `{"error":"x","request_id":"b"}`, "", "b"},
		{"header before the body", headers("x-request-id", "a"), `{"error":"x","request_id":"b"}`, "", "a"},
		{"the log's own", nil, "", "l", "l"},
		{"body in meta", nil, `{"success":false,"error":{"code":"c","message":"m"},"meta":{"request_id":"m1"}}`, "", "m1"},
		{"body number", nil, `{"error":"x","requestId":77}`, "", "77"},
		{"none", headers("etag", "x"), `{"error":"x"}`, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := acme(t, 500, c.headers, c.body)
			r.RequestID = []byte(c.log)
			expect(t, label(t, r), "request_id "+c.want)
			r.Status = 200
			r.Body = nil
			// Without headers and body the record has it.
			if out := label(t, r); c.body == "" && c.log == "" && out.RequestID != c.want {
				t.Errorf("on a success: %q", out.RequestID)
			}
		})
	}
}
