package ingest

import "bytes"

// pair is one key=value of logfmt.
type pair struct {
	key, value []byte
	quoted     bool
	bare       bool // a key without "="
}

// cut makes x the first pair of b, which does not begin with a blank, and
// returns what follows. A quote that is not closed before a blank or the end
// takes what stands before the next pair; whole is false then.
func (x *pair) cut(b []byte) (rest []byte, whole bool) {
	end := nearKeyEnd(b)
	x.key, x.value, x.quoted, x.bare = b[:end], nil, false, false
	if end == len(b) || b[end] != '=' {
		x.bare = true
		return b[end:], true
	}
	b = b[end+1:]
	if len(b) > 0 && b[0] == '"' {
		x.quoted = true
		end = closingQuote(b)
		if end < 0 || end+1 < len(b) && b[end+1] != ' ' && b[end+1] != '\t' {
			end = nextPair(b)
			x.value = b[1:end]
			return b[end:], false
		}
		x.value = b[1:end]
		return b[end+1:], true
	}
	end = nearBlank(b)
	x.value = b[:end]
	return b[end:], true
}

// nextPair is where the blank before the next key=value in b stands, or the
// length of b.
func nextPair(b []byte) int {
	for from := 0; ; {
		from += nearBlank(b[from:]) + 1
		if from > len(b) {
			return len(b)
		}
		if i := bytes.IndexByte(b[from:min(len(b), from+jsonKeyMax+1)], '='); i > 0 && isPairKey(b[from:from+i]) {
			return from - 1
		}
	}
}

// pairsMin is how many pairs a line must begin with to be taken for logfmt.
const pairsMin = 2

// startsWithPairs reports whether b begins with pairs whose keys are names.
func startsWithPairs(b []byte) bool {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		b = b[:i]
	}
	var x pair
	for n := 0; n < pairsMin; n++ {
		rest, whole := x.cut(trimSpace(b))
		if !x.starts(n, whole) {
			return false
		}
		b = rest
	}
	return true
}

// starts reports whether x can be the pair with this number, from 0, of those
// that a line must begin with.
func (x *pair) starts(n int, whole bool) bool {
	return !x.bare && isPairKey(x.key) && (whole || n+1 >= pairsMin)
}

func isPairKey(b []byte) bool {
	if len(b) == 0 || len(b) > jsonKeyMax || b[0] >= '0' && b[0] <= '9' {
		return false
	}
	for _, c := range b {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '_' && c != '-' && c != '.' && c != '@' && c != '/' {
			return false
		}
	}
	return true
}
