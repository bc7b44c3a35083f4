package ingest

import (
	"bytes"
	"strconv"
)

// two reads two digits.
func two(b []byte) (int64, bool) {
	if len(b) < 2 {
		return 0, false
	}
	hi, lo := b[0]-'0', b[1]-'0'
	return int64(hi)*10 + int64(lo), hi <= 9 && lo <= 9
}

// number reads an unsigned integer.
func number(b []byte) (int64, bool) {
	if len(b) == 0 || len(b) > 19 {
		return 0, false
	}
	var n int64
	for _, c := range b {
		d := c - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int64(d)
	}
	return n, n >= 0 && (len(b) < 19 || b[0] < '9')
}

// decimalNS reads a decimal number of units, each unitNS nanoseconds long,
// exactly; an exponent is allowed. Negative numbers are none.
func decimalNS(b []byte, unitNS int64) (int64, bool) {
	whole := b
	var frac int64
	if dot := bytes.IndexByte(b, '.'); dot >= 0 {
		var rest []byte
		whole = b[:dot]
		frac, _, rest = fraction(b[dot:])
		if len(rest) > 0 || dot+1 == len(b) {
			return exponentNS(b, unitNS)
		}
	}
	n, ok := number(whole)
	if !ok {
		return exponentNS(b, unitNS)
	}
	if n > 1<<62/unitNS {
		return 0, false
	}
	if unitNS == secondNS {
		return n*unitNS + frac, true
	}
	// Round, as 18.944978713989258 ms ends between two nanoseconds.
	return n*unitNS + (frac*unitNS+secondNS/2)/secondNS, true
}

func exponentNS(b []byte, unitNS int64) (int64, bool) {
	if bytes.IndexByte(b, 'e') < 0 && bytes.IndexByte(b, 'E') < 0 {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil || f < 0 || f*float64(unitNS) > 1<<62 {
		return 0, false
	}
	return int64(f*float64(unitNS) + 0.5), true
}
