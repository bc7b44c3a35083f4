package tui

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// phrase says one value of a closed set to a person: short for a column, long
// for a sentence.
type phrase struct{ short, long string }

// doThis are the words for each retry value.
var doThis = map[record.Retry]phrase{
	record.RetryNever:             {"do not retry", "do not retry: the answer stays the same"},
	record.RetryFixRequest:        {"fix request", "change the request, then send it again"},
	record.RetryFixAccount:        {"fix account", "put the account in order (plan, billing, permission), then send it again"},
	record.RetryReauthenticate:    {"sign in again", "get a new token or key, then send it again"},
	record.RetryEndUserAction:     {"ask the user", "the end user has to act first"},
	record.RetryNewIdempotencyKey: {"new idem. key", "send it again under a new idempotency key"},
	record.RetryAfterReset:        {"wait for reset", "wait until the limit resets, then send it again"},
	record.RetryNextPeriod:        {"next period", "wait for the next quota period, or buy more"},
	record.RetryBackoffOnce:       {"retry once", "send it again once, after a pause"},
	record.RetryBackoff:           {"retry, backoff", "send it again with growing pauses"},
	record.RetryWhenAvailable:     {"wait until up", "wait until the vendor is up again"},
	record.RetryAfterStateChange:  {"when changed", "send it again once the state it names has changed"},
	record.RetryUnknown:           {"look at it", "nobody said whether a retry helps: look at a sample"},
}

// owners are the words for each fault: who can remove the cause.
var owners = map[record.Fault]phrase{
	record.FaultCaller:   {"you", "you: the request as your code sends it"},
	record.FaultAccount:  {"your account", "your account with the vendor"},
	record.FaultEndUser:  {"end user", "the end user"},
	record.FaultVendor:   {"vendor", "the vendor"},
	record.FaultUpstream: {"its upstream", "a source behind the vendor"},
	record.FaultResource: {"the resource", "the thing asked about, as it is now"},
	record.FaultNone:     {"nobody", "nobody: this is an expected answer"},
	record.FaultUnknown:  {"unknown", "not known"},
}

func doShort(r record.Retry) string {
	if p, ok := doThis[r]; ok {
		return p.short
	}
	return clean(string(r))
}

func ownerShort(f record.Fault) string {
	if p, ok := owners[f]; ok {
		return p.short
	}
	return clean(string(f))
}

// plain turns a value such as rate_limit into words.
func plain(s string) string { return strings.ReplaceAll(clean(s), "_", " ") }

// codeWords names a group where the vendor gave no code: its type, else its
// status.
func codeWords(k queries.GroupKey) string {
	switch {
	case k.Code != "":
		return clean(k.Code)
	case k.Type != "":
		return clean(k.Type)
	}
	return "(no code) " + statusWords(k.Status)
}

// vendorWords names a vendor, or the host where no pack knows it.
func vendorWords(vendor, host string) string {
	if host != "" && (vendor == record.VendorUnknown || vendor == record.VendorGeneric || vendor == "") {
		return clean(host)
	}
	if vendor == "" {
		return record.VendorUnknown
	}
	return clean(vendor)
}

// statusWords says an HTTP status in words: "409 Conflict".
func statusWords(status int) string {
	switch {
	case status == 0:
		return "no response"
	case status < 0:
		return "status not logged"
	}
	if t := http.StatusText(status); t != "" {
		return strconv.Itoa(status) + " " + t
	}
	return strconv.Itoa(status)
}

// statusShort is the status for a column.
func statusShort(status int) string {
	switch {
	case status == 0:
		return "none"
	case status < 0:
		return "-"
	}
	return strconv.Itoa(status)
}

// count writes a number with a space between the thousands: 1 204 551.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	if n < 1000 && n > -1000 {
		return s
	}
	var b strings.Builder
	head := len(s) % 3
	for i := range len(s) {
		if i > 0 && i%3 == head && s[i-1] != '-' {
			b.WriteByte(' ')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// short writes a number in at most five cells: 2.1k, 31M, 0.4.
func short(v float64) string {
	switch {
	case math.IsNaN(v):
		return "-"
	case v <= 0:
		return "0"
	case v < 10 && v != math.Trunc(v):
		return strconv.FormatFloat(v, 'f', 1, 64)
	case v < 999.5:
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	for i, unit := range [...]string{"k", "M", "G", "T"} {
		if x := v / math.Pow(1000, float64(i+1)); x < 9.95 {
			return strconv.FormatFloat(x, 'f', 1, 64) + unit
		} else if x < 999.5 || i == 3 {
			return strconv.FormatFloat(x, 'f', 0, 64) + unit
		}
	}
	return ""
}

// size writes a number of bytes: 340 MB.
func size(n int64) string {
	v, unit := float64(n), "B"
	for _, next := range [...]string{"kB", "MB", "GB", "TB"} {
		if v < 1000 {
			break
		}
		v, unit = v/1000, next
	}
	if unit == "B" || v >= 99.5 {
		return fmt.Sprintf("%.0f %s", v, unit)
	}
	return fmt.Sprintf("%.1f %s", v, unit)
}

// percent writes a share so that a small one never reads as none.
func percent(part, whole int64) string {
	if whole <= 0 {
		return "-"
	}
	p := 100 * float64(part) / float64(whole)
	switch {
	case part == 0:
		return "0"
	case p < 0.01:
		return "<0.01"
	case p < 10:
		return strconv.FormatFloat(p, 'f', 2, 64)
	}
	return strconv.FormatFloat(p, 'f', 1, 64)
}

// millis writes a duration given in milliseconds.
func millis(ms float64) string {
	switch {
	case math.IsNaN(ms) || ms < 0:
		return "-"
	case ms < 1:
		return "<1 ms"
	case ms < 9999.5:
		return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
	}
	return strconv.FormatFloat(ms/1000, 'f', 1, 64) + " s"
}

// span writes a duration in its largest unit: 40 s, 12 m, 3 h, 2 d.
func span(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 100*time.Minute:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d < 48*time.Hour:
		return fmt.Sprintf("%.0f h", d.Hours())
	}
	return fmt.Sprintf("%.0f d", d.Hours()/24)
}

// when writes a time for a column: its age within a day, else date and minute
// UTC, and the year where it is another one.
func when(t, now time.Time) string {
	if t.IsZero() {
		return "-"
	}
	t, now = t.UTC(), now.UTC()
	age := now.Sub(t)
	switch {
	case age < 0 || age >= 24*time.Hour:
		if t.Year() == now.Year() {
			return t.Format("01-02 15:04")
		}
		return t.Format("2006-01-02")
	case age < time.Minute:
		return fmt.Sprintf("%ds ago", int(age.Seconds()))
	case age < time.Hour:
		return fmt.Sprintf("%dm ago", int(age.Minutes()))
	}
	return fmt.Sprintf("%dh ago", int(age.Hours()))
}

// stamp writes a time in full, UTC.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05.000 UTC")
}

// instantWord writes a time for a command line, "" for none.
func instantWord(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
