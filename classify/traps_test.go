package classify

import (
	"strings"
	"testing"

	"github.com/errscope/errscope/record"
)

func failure(message string) string { return `{"success":false,"message":"` + message + `"}` }

// expect compares the fields of a label that are named, as "key value" lines.
func expect(t *testing.T, out record.Label, lines ...string) {
	t.Helper()
	for _, line := range lines {
		key, value, _ := strings.Cut(line, " ")
		if got := labelled(&out, key); got != value {
			t.Errorf("%s: want %q, got %q (rule %s, %s)", key, value, got, out.Rule, strings.Join(out.Evidence, "; "))
		}
	}
}

// TestTraps holds the places where CarsXE's reference misleads.
func TestTraps(t *testing.T) {
	for _, c := range []struct {
		name   string
		path   string
		status int
		body   string
		want   []string
	}{
		{"1 a 500 that is validation", "/images?key=k&model=civic", 500, failure("Please supply a make and model. Visit http://api.carsxe.com/docs for more information"),
			[]string{"category validation", "retry fix_request", "fault caller", "outage false"}},
		{"2 a 404 that is validation", "/v2/platedecoder?key=k&plate=AAA111&state=XY", 404, failure("Invalid state or country code."),
			[]string{"category validation", "retry fix_request"}},
		{"3 a 404 that is the good answer", "/v1/lien-theft?key=k&vin=5", 404, failure("No lien or theft data found for this VIN"),
			[]string{"benign true", "failure true", "category not_found", "retry never", "fault none"}},
		{"4 the short message", "/specs?key=k&vin=5", 404, failure("No data found for this VIN"),
			[]string{"retry never", "code no_data_for_vin"}},
		{"4 the long message", "/specs?key=k&vin=5", 404, failure("No data found for this VIN. Try a deep search by setting deepdata=1 in your request"),
			[]string{"retry fix_request", "code no_data_for_vin_try_deepdata"}},
		{"5 a 429 that no waiting cures", "/specs?key=k&vin=5", 429, "",
			[]string{"category quota", "retry next_period", "fault account", "outage false", "retry_after_s -1"}},
		{"6 numbers in the message", "/v2/marketvalue?key=k&vin=5", 429, failure("API limit exceeded for market_value (6/2026). Subscription tier: starter. Current usage: 5000, Limit: 5000."),
			[]string{"quota.name market_value", "quota.period 2026-06", "quota.tier starter", "quota.used 5000", "quota.limit 5000", "quota.remaining -1"}},
		{"6 the body's numbers come first", "/v2/marketvalue?key=k&vin=5", 429,
			`{"success":false,"message":"API limit exceeded for market_value (6/2026). Subscription tier: starter. Current usage: 5000, Limit: 5000.","usage":{"current":5007,"limit":5001,"remaining":0}}`,
			[]string{"quota.used 5007", "quota.limit 5001", "quota.remaining 0", "quota.name market_value"}},
		{"7 the vendor's own credential", "/specs?key=k&vin=5", 500, failure("Unable to authenticate internal request (code CV-001). Please try again later"),
			[]string{"category server", "retry backoff", "fault vendor", "code CV-001", "contact_support true", "outage true"}},
		{"7 another credential code", "/history?key=k&vin=5", 500, failure("Unable to authenticate internal request (code CV-002). Please try again later"),
			[]string{"code CV-002", "category server"}},
		{"8 not our network", "/specs?key=k&vin=5", 503, failure("Cannot access the internet at this time"),
			[]string{"category upstream", "fault upstream", "retry backoff", "outage true"}},
		{"9 a 401 that is billing", "/specs?key=k&vin=5", 401, failure("User with this API key is not active. To activate update your billing on https://carsxe.example/pay?from=api"),
			[]string{"category billing", "retry fix_account", "code account_not_active"}},
		{"10 a failure under 200", "/specs?key=k", 200, failure("Missing vin (vehicle identification number)"),
			[]string{"failure true", "category validation", "retry fix_request", "code missing_vin"}},
		{"10 a success under 500", "/specs?key=k", 500, `{"success":true,"attributes":{}}`,
			[]string{"failure false", "vendor carsxe", "category ", "outage false"}},
		{"10 payment terms for a call without a key", "/specs?vin=5", 402, `{"x402Version":1,"error":"X-PAYMENT header is required","accepts":[{"scheme":"exact","network":"base"}]}`,
			[]string{"failure true", "category billing", "retry fix_account", "message X-PAYMENT header is required"}},
		{"10 accepted is no failure", "/v1/recalls-batch?key=k", 202, `{"success":true,"id":"b1"}`,
			[]string{"failure false", "vendor carsxe"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			expect(t, label(t, carsxe(t, c.path, c.status, c.body)), c.want...)
		})
	}
}

// TestAmbiguousStatus shows what a status alone gives where several rules share
// it, and how the request narrows them down.
func TestAmbiguousStatus(t *testing.T) {
	for _, c := range []struct {
		name, path string
		status     int
		candidates string
		want       []string
	}{
		{"401 with a key", "/specs?key=k", 401, "carsxe/api-key-not-found carsxe/account-not-active",
			[]string{"confidence ambiguous", "retry fix_account", "fault account", "category authentication", "code "}},
		{"401 without a key", "/specs?vin=5", 401, "carsxe/api-key-not-found carsxe/account-not-active carsxe/missing-api-key",
			[]string{"confidence ambiguous", "retry fix_account", "fault caller", "category authentication"}},
		{"403", "/specs?key=k", 403, "carsxe/api-key-blocked carsxe/api-not-in-tier",
			[]string{"confidence ambiguous", "retry fix_account", "fault account", "contact_support false"}},
		{"404 of the specifications", "/specs?key=k&vin=5", 404, "carsxe/no-data-for-vin carsxe/no-data-for-vin-try-deepdata",
			[]string{"confidence ambiguous", "category not_found", "retry never", "benign false"}},
		{"404 of the plate decoder", "/v2/platedecoder?key=k", 404, "carsxe/no-data-for-vin carsxe/no-data-for-plate carsxe/invalid-state-or-country",
			[]string{"confidence ambiguous", "category not_found", "retry never"}},
		{"500 of the specifications", "/specs?key=k&vin=5", 500, "carsxe/internal-server-error carsxe/internal-credential",
			[]string{"confidence ambiguous", "category server", "retry backoff_once", "fault vendor", "outage true"}},
		{"500 of images without a model", "/images?key=k&make=honda", 500, "carsxe/internal-server-error carsxe/internal-credential carsxe/missing-make-and-model",
			[]string{"confidence ambiguous", "category validation", "retry fix_request", "outage false"}},
		{"500 of images, whole", "/images?key=k&make=honda&model=fit", 500, "carsxe/internal-server-error carsxe/internal-credential",
			[]string{"category server", "outage true"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := label(t, carsxe(t, c.path, c.status, ""))
			if got := strings.Join(out.Candidates, " "); got != c.candidates {
				t.Errorf("candidates: want %s, got %s", c.candidates, got)
			}
			expect(t, out, c.want...)
		})
	}
}

// TestRecallsBatch holds the symbolic codes of the batch.
func TestRecallsBatch(t *testing.T) {
	body := func(code string) string { return `{"success":false,"code":"` + code + `","message":"m"}` }
	for _, c := range []struct {
		code   string
		status int
		want   []string
	}{
		{"BULK_RECALL_BATCH_TOO_MANY_VINS", 400, []string{"category validation", "retry fix_request", "confidence exact", "code BULK_RECALL_BATCH_TOO_MANY_VINS"}},
		{"BULK_RECALL_BATCH_NOT_COMPLETE", 409, []string{"category state", "retry after_state_change", "fault resource"}},
		{"BULK_RECALL_BATCH_STORAGE_ERROR", 500, []string{"category server", "retry backoff_once", "outage true"}},
		{"BULK_RECALL_BATCH_CSV_URL_FETCH_FAILED", 502, []string{"category upstream", "retry backoff"}},
		{"bulk_recall_batch_not_found", 404, []string{"category not_found", "code bulk_recall_batch_not_found"}},
		{"BULK_RECALL_BATCH_FROM_NEXT_YEAR", 400, []string{"category validation", "code BULK_RECALL_BATCH_FROM_NEXT_YEAR", "confidence status"}},
	} {
		t.Run(c.code, func(t *testing.T) {
			expect(t, label(t, carsxe(t, "/v1/recalls-batch?key=k", c.status, body(c.code))), c.want...)
		})
	}
}

// TestBetween: what a proxy or our own client says is no word of the vendor's,
// also where the vendor's pack has a row for the whole class.
func TestBetween(t *testing.T) {
	for status, want := range map[int]string{0: "global/status-0", 499: "global/status-499", 522: "global/status-522", 418: "carsxe/status-4xx"} {
		l := label(t, carsxe(t, "/specs", status, ""))
		if l.Rule != want || l.Vendor != "carsxe" {
			t.Errorf("status %d: rule %s of %s, want %s of carsxe", status, l.Rule, l.Vendor, want)
		}
	}
}
