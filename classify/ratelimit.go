package classify

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// limitItem is one item of a RateLimit field.
type limitItem struct {
	name      []byte
	quota     int64
	remaining int64
	reset     float64 // seconds, or -1
}

// limitItemsMax bounds how many items of one field are looked at.
const limitItemsMax = 16

// parseRateLimit reads the RateLimit field of the IETF draft, current
// ("daily";r=50;t=30) or older (limit=100, remaining=0, reset=7). Of several
// items the one with least remaining counts. A malformed field is ignored, as
// the draft asks.
func parseRateLimit(v []byte) (limitItem, bool) {
	best, found := limitItem{quota: record.Absent, remaining: record.Absent, reset: record.Absent}, false
	flat, old := best, false
	for range limitItemsMax {
		item, rest := nextItem(v, ',')
		cur := limitItem{quota: record.Absent, remaining: record.Absent, reset: record.Absent}
		for first := true; len(item) > 0; first = false {
			var param []byte
			param, item = nextItem(item, ';')
			name, value, isPair := bytes.Cut(param, []byte("="))
			name = bytes.TrimSpace(name)
			switch {
			case first && !isPair:
				cur.name = bytes.Trim(name, `"`)
			case string(name) == "r":
				cur.remaining = parseCount(value)
			case string(name) == "t":
				cur.reset = float64(parseCount(value))
			case string(name) == "q":
				cur.quota = parseCount(value)
			case string(name) == "limit":
				flat.quota, old = parseCount(value), true
			case string(name) == "remaining":
				flat.remaining, old = parseCount(value), true
			case string(name) == "reset":
				flat.reset, old = float64(parseCount(value)), true
			}
		}
		if cur.remaining >= 0 && (!found || cur.remaining < best.remaining) {
			best, found = cur, true
		}
		if v = rest; len(v) == 0 {
			break
		}
	}
	if !found && old && flat.remaining >= 0 {
		return flat, true
	}
	return best, found
}

// policyQuota is the quota that a RateLimit-Policy field states for a policy:
// q=100 of the current draft, or the bare number of older ones.
func policyQuota(v, name []byte) int64 { return policyNumber(v, name, "q") }

// policyWindow is the window of a policy in seconds, or record.Absent.
func policyWindow(v, name []byte) int64 { return policyNumber(v, name, "w") }

// policyNumber is a parameter of the policy of that name; of a policy without a
// name q is the bare number that it begins with.
func policyNumber(v, name []byte, param string) int64 {
	for range limitItemsMax {
		item, rest := nextItem(v, ',')
		head, params := nextItem(item, ';')
		bare := parseCount(head)
		if bare >= 0 && len(name) == 0 && param == "q" {
			return bare
		}
		for (bare >= 0 && len(name) == 0 || len(name) > 0 && bytes.Equal(bytes.Trim(head, `"`), name)) && len(params) > 0 {
			var one []byte
			one, params = nextItem(params, ';')
			if key, value, _ := bytes.Cut(one, []byte("=")); string(bytes.TrimSpace(key)) == param {
				return parseCount(value)
			}
		}
		if v = rest; len(v) == 0 {
			break
		}
	}
	return record.Absent
}

// nextItem cuts the first item of a list; separators in quotes do not count.
func nextItem(v []byte, sep byte) (item, rest []byte) {
	quoted := false
	for i, c := range v {
		switch {
		case c == '"':
			quoted = !quoted
		case c == sep && !quoted:
			return bytes.TrimSpace(v[:i]), bytes.TrimSpace(v[i+1:])
		}
	}
	return bytes.TrimSpace(v), nil
}
