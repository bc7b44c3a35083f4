package record

import (
	"bytes"
	"unicode/utf8"
)

// Bounds of a route.
const (
	RouteBytesMax    = 256
	RouteSegmentsMax = 12
)

// AppendRoute appends the template of a path: segments that name one thing
// become {id}, dates {date}, and what is no text {bad}, so that calls of one
// endpoint have one route. Words, file names and versions such as "v2.0" stay.
// A route has at most RouteSegmentsMax segments and RouteBytesMax bytes; a "*"
// stands for the rest.
func AppendRoute(dst, path []byte) []byte {
	start := len(dst)
	for n := 0; len(path) > 0; n++ {
		if path[0] == '/' {
			path = path[1:]
		}
		var name string
		end := 0
		if len(path) >= uuidBytes && (len(path) == uuidBytes || path[uuidBytes] == '/') && isNumberedUUID(path[:uuidBytes]) {
			name, end = "{id}", uuidBytes
		} else {
			var kinds byte
			digits := 0
			for ; end < len(path) && path[end] != '/'; end++ {
				k := segmentKinds[path[end]]
				kinds |= k
				digits += int(k & segDigit)
			}
			if digits > 0 || end >= mixedIDMin || kinds&(segOther|segBad|segHigh) != 0 {
				name = nameOf(path[:end], kinds, digits)
			}
		}
		seg := path[:end]
		path = path[end:]
		if name == "" && len(dst)-start+len(seg)+len("/*")+1 > RouteBytesMax || n == RouteSegmentsMax || len(dst)-start > RouteBytesMax-len("/{date}/*") {
			return append(dst, "/*"...)
		}
		dst = append(dst, '/')
		if name == "" {
			dst = append(dst, seg...)
		} else {
			dst = append(dst, name...)
		}
	}
	if len(dst) == start {
		return append(dst, '/')
	}
	return dst
}

// Character classes of a segment.
const (
	segDigit byte = 1 << iota
	segHexLetter
	segLower // beyond hex
	segUpper // beyond hex
	segMark  // "-", "_", "."
	segOther // any other printing ASCII byte
	segBad   // control bytes; bytes beyond ASCII until they are found to be UTF-8
	segHigh
)

var segmentKinds = func() (t [256]byte) {
	for c := range 256 {
		b := byte(c)
		switch {
		case c < ' ' || c == 0x7f:
			t[c] = segBad
		case c >= 0x80:
			t[c] = segHigh
		case isDigit(b):
			t[c] = segDigit
		case isLetter(b) && unhex[b] < 16:
			t[c] = segHexLetter
		case isLower(b):
			t[c] = segLower
		case isUpper(b):
			t[c] = segUpper
		case b == '-' || b == '_' || b == '.':
			t[c] = segMark
		default:
			t[c] = segOther
		}
	}
	return t
}()

// uuidBytes is the length of a UUID as text (RFC 9562).
const uuidBytes = 36

// isNumberedUUID knows nearly all UUIDs in lower case, faster than nameOf: those
// whose first and last group have a digit, so that neither is a word.
func isNumberedUUID(seg []byte) bool {
	return seg[8] == '-' && isHexID(seg) && hasDigit(seg[:8]) && hasDigit(seg[24:])
}

func hasDigit(b []byte) bool {
	for _, c := range b {
		if isDigit(c) {
			return true
		}
	}
	return false
}

// segmentName gives what stands for a segment, "" where it stays.
func segmentName(seg []byte) string {
	var kinds byte
	digits := 0
	for _, c := range seg {
		k := segmentKinds[c]
		kinds |= k
		digits += int(k & segDigit)
	}
	return nameOf(seg, kinds, digits)
}

// nameOf is segmentName where the classes of all bytes and the number of digits
// are known.
func nameOf(seg []byte, kinds byte, digits int) string {
	switch {
	case kinds&segBad != 0, kinds&segHigh != 0 && !utf8.Valid(seg):
		return "{bad}"
	case kinds&(segOther|segHigh) != 0 && digits >= 8 && isDateSegment(seg):
		return "{date}"
	case kinds&(segOther|segHigh) != 0:
		return otherSegment(seg)
	case digits == 0:
		if isTokenSegment(seg) {
			return "{id}"
		}
		return ""
	case digits == len(seg):
		if len(seg) == 8 && isDate(seg, 0) {
			return "{date}"
		}
		return "{id}"
	case isVersion(seg):
		return ""
	case isDateSegment(seg):
		return "{date}"
	case isIDSegment(seg, kinds, digits):
		return "{id}"
	}
	return ""
}

// otherSegment judges segments with signs or letters beyond ASCII. Only what
// is surely a value goes.
func otherSegment(seg []byte) string {
	at := bytes.LastIndexByte(seg, '@')
	if at < 0 {
		if i := bytes.Index(seg, []byte("%40")); i > 0 {
			at = i + 2
		}
	}
	if at > 0 && bytes.IndexByte(seg[at:], '.') > 0 {
		return "{id}" // an e-mail address
	}
	if word, value := cutByte(seg, ':'); len(value) > 0 && segmentName(word) != "" {
		return "{id}"
	}
	if bytes.IndexByte(seg, '%') >= 0 || bytes.IndexByte(seg, '=') >= 0 || bytes.IndexByte(seg, ',') >= 0 || bytes.IndexByte(seg, '+') >= 0 {
		digits := 0
		for _, c := range seg {
			if isDigit(c) {
				digits++
			}
		}
		if digits >= 3 || len(seg) > 48 {
			return "{id}"
		}
	}
	return ""
}

// isVersion knows "v1", "v2.0", "v1beta1" and "2.0".
func isVersion(seg []byte) bool {
	if len(seg) > 10 {
		return false
	}
	if seg[0]|0x20 == 'v' {
		return len(seg) > 1 && isDigit(seg[1])
	}
	dots := 0
	for i, c := range seg {
		if c == '.' {
			dots++
		} else if !isDigit(c) {
			return false
		}
		if c == '.' && (i == 0 || i == len(seg)-1) {
			return false
		}
	}
	return dots > 0 && len(seg) <= 5
}

// isDate reports whether b begins with year, month and day, with sep between
// them where sep is not 0.
func isDate(b []byte, sep byte) bool {
	if sep != 0 {
		if len(b) < 10 || b[4] != sep || b[7] != sep {
			return false
		}
		return isDate([]byte{b[0], b[1], b[2], b[3], b[5], b[6], b[8], b[9]}, 0)
	}
	if len(b) < 8 || b[0] != '1' && b[0] != '2' || b[1] != '9' && b[1] != '0' {
		return false
	}
	for _, c := range b[:8] {
		if !isDigit(c) {
			return false
		}
	}
	month, day := int(b[4]-'0')*10+int(b[5]-'0'), int(b[6]-'0')*10+int(b[7]-'0')
	return month >= 1 && month <= 12 && day >= 1 && day <= 31
}

// isDateSegment knows 2026-06-18, with a time behind it or not, and 2026-06.
func isDateSegment(seg []byte) bool {
	if isDate(seg, '-') {
		return len(seg) == 10 || len(seg) > 10 && (seg[10] == 'T' || seg[10] == 't' || seg[10] == '_') && len(seg) <= 35
	}
	return len(seg) == 7 && seg[4] == '-' && isDigit(seg[0]) && isDigit(seg[3]) && (seg[0] == '1' || seg[0] == '2') &&
		(seg[5] == '0' || seg[5] == '1') && isDigit(seg[6])
}

// Lengths that tell identifiers from words with a digit in them.
const (
	hexIDMin      = 8
	vinLength     = 17
	prefixedIDMin = 8
	mixedIDMin    = 16
)

// isIDSegment judges a segment of letters, digits and marks that has a digit.
func isIDSegment(seg []byte, kinds byte, digits int) bool {
	n := len(seg)
	if kinds&^(segDigit|segHexLetter) == 0 && n >= hexIDMin && digits*8 >= n {
		return true
	}
	if n == vinLength && isVIN(seg) {
		return true
	}
	if stem, ext := cutExtension(seg); len(ext) > 0 {
		var stemKinds byte
		d := 0
		for _, c := range stem {
			stemKinds |= segmentKinds[c]
			if isDigit(c) {
				d++
			}
		}
		return d > 0 && (d == len(stem) || isIDSegment(stem, stemKinds, d))
	}
	return isPiecedID(seg)
}

// isVIN knows vehicle identification numbers (ISO 3779): 17 letters and digits
// without I, O and Q.
func isVIN(seg []byte) bool {
	for _, c := range seg {
		if c |= 0x20; c == 'i' || c == 'o' || c == 'q' || !isLetter(c) && !isDigit(c) {
			return false
		}
	}
	return true
}

// cutExtension splits "photo.jpg": a short extension with letters only, or
// such as "mp4".
func cutExtension(seg []byte) (stem, ext []byte) {
	i := bytes.LastIndexByte(seg, '.')
	if i <= 0 || len(seg)-i > 6 || i == len(seg)-1 || !isLetter(seg[i+1]) {
		return seg, nil
	}
	return seg[:i], seg[i+1:]
}

// isPiecedID looks at the pieces between the marks: numbers alone, hex groups
// as in UUIDs, and pieces in which letters and digits alternate, such as the
// tail of "cus_Nffrf8x2".
func isPiecedID(seg []byte) bool {
	var numbers, hexes, words, pieces, mixed int
	for len(seg) > 0 {
		piece := seg
		if i := bytes.IndexAny(seg, "-_."); i >= 0 {
			piece, seg = seg[:i], seg[i+1:]
		} else {
			seg = nil
		}
		pieces++
		p := measure(piece)
		switch {
		case len(piece) == 0:
			pieces--
		case p.digits == len(piece):
			numbers++
			if len(piece) >= 6 {
				mixed += prefixedIDMin
			}
		case p.hex && p.digits > 0 && len(piece) >= 4:
			hexes++
			if len(piece) >= 6 {
				mixed += len(piece)
			}
		case p.isMixed(len(piece)):
			mixed += len(piece)
		case p.hex && len(piece) == 4:
			hexes++
		default:
			words++
		}
	}
	return numbers == pieces || mixed >= prefixedIDMin || pieces >= 4 && hexes+numbers == pieces ||
		mixed >= 5 && words <= 1 && pieces == 2 && numbers+hexes > 0
}

// shapeOf a piece, see measure.
type pieceShape struct {
	digits, turns, humps int
	hex                  bool
}

func measure(piece []byte) pieceShape {
	p := pieceShape{hex: true}
	for i, c := range piece {
		if isDigit(c) {
			p.digits++
		}
		if unhex[c] > 15 {
			p.hex = false
		}
		if i == 0 {
			continue
		}
		if isDigit(c) != isDigit(piece[i-1]) {
			p.turns++
		} else if isLower(piece[i-1]) && isUpper(c) {
			p.humps++
		}
	}
	return p
}

// isMixed reports whether letters and digits alternate as in no word: "oauth2"
// and "sha256" stay.
func (p pieceShape) isMixed(n int) bool {
	return n >= prefixedIDMin && p.digits > 0 && (p.turns >= 3 || p.turns == 2 && n >= 10 || p.humps > 0 && p.turns >= 1 || p.digits >= 4 && n >= 10) ||
		n >= mixedIDMin && p.digits > 0 || n >= 6 && p.turns >= 3
}

// isTokenSegment knows long random segments that happen to have no digit.
func isTokenSegment(seg []byte) bool {
	if len(seg) < mixedIDMin {
		return false
	}
	humps, hex := 0, true
	for i, c := range seg {
		hex = hex && unhex[c] < 16
		if i > 0 && isLower(seg[i-1]) && isUpper(c) {
			humps++
		}
	}
	return hex || humps*5 >= len(seg)
}
