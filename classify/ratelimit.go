package classify

import (
	"bytes"
	"time"

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
// items the one with least remaining counts; with a policy one that is used up,
// then allowances before short windows. A malformed field is ignored, as the
// draft asks.
func parseRateLimit(v, policy []byte) (limitItem, bool) {
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
		if cur.remaining >= 0 && (!found || cur.before(&best, policy)) {
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

// before says that i matters more than other.
func (i *limitItem) before(other *limitItem, policy []byte) bool {
	if policy != nil && i.remaining > 0 && other.remaining > 0 {
		if a, b := i.lasts(policy), other.lasts(policy); a != b {
			return a
		}
	}
	return i.remaining < other.remaining
}

// lasts says that the item is an allowance, by the window of its policy.
func (i *limitItem) lasts(policy []byte) bool {
	return policyWindow(policy, i.name, i.quota) > int64(rateWindowMax/time.Second)
}

// policyQuota is the quota that a RateLimit-Policy field states for a policy:
// q=100 of the current draft, or the bare number of older ones.
func policyQuota(v, name []byte) int64 {
	quota, _ := policyOf(v, name, record.Absent)
	return quota
}

// policyWindow is the window in seconds of the policy of that name, or
// record.Absent. Where the limit has no name it is that of the policy which allows
// as much, else that of the first.
func policyWindow(v, name []byte, limit int64) int64 {
	if len(name) == 0 && limit >= 0 {
		if quota, window := policyOf(v, nil, limit); quota == limit {
			return window
		}
	}
	_, window := policyOf(v, name, record.Absent)
	return window
}

// policyOf gives quota and window of a policy: of the one with the name, else of
// the first that allows so much, else of the first that has no name.
func policyOf(v, name []byte, limit int64) (quota, window int64) {
	for range limitItemsMax {
		item, rest := nextItem(v, ',')
		head, params := nextItem(item, ';')
		bare := parseCount(head)
		q, w := bare, int64(record.Absent)
		for len(params) > 0 {
			var one []byte
			one, params = nextItem(params, ';')
			switch key, value, _ := bytes.Cut(one, []byte("=")); string(bytes.TrimSpace(key)) {
			case "q":
				q = parseCount(value)
			case "w":
				w = parseCount(value)
			}
		}
		switch {
		case len(name) > 0:
			if bytes.Equal(bytes.Trim(head, `"`), name) {
				return q, w
			}
		case limit >= 0:
			if q == limit {
				return q, w
			}
		case bare >= 0:
			return q, w
		}
		if v = rest; len(v) == 0 {
			break
		}
	}
	return record.Absent, record.Absent
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
