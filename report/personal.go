package report

import (
	"net/netip"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The shapes of what is personal. The patterns are our own; RE2 runs them in
// linear time on whatever a vendor sent.
var (
	emailShape = regexp.MustCompile(`[\pL\pN._%+'-]+(?:@|%40)[\pL\pN-]+(?:\.[\pL\pN-]+)+`)
	phoneShape = regexp.MustCompile(`(?:\+|%2[bB])[0-9](?:[ ()./-]{0,2}[0-9]){8,14}`)
	// A plate has no shape of its own: only its name tells.
	plateShape = regexp.MustCompile(`(?i)\b(plate|license_plate|licence_plate|number_plate|registration|vrm)("?\s*[=:]\s*"?)[\pL\pN][\pL\pN-]{1,9}(?: [\pL\pN]{1,4})?`)
	// addressShape and vinShape find words; isAddress and isVIN judge them.
	addressShape = regexp.MustCompile(`[0-9A-Fa-f:.]{3,45}`)
	vinShape     = regexp.MustCompile(`[0-9A-Za-z]{17,}`)
)

// Personal is a kind of personal data.
type Personal string

// The kinds of personal data.
const (
	PersonalEmail Personal = "email"
	PersonalPhone Personal = "phone"
	PersonalPlate Personal = "plate"
	PersonalVIN   Personal = "vin"
	PersonalIP    Personal = "ip"
)

// Personals lists the kinds, in the order in which they are looked for.
func Personals() []Personal {
	return []Personal{PersonalEmail, PersonalPhone, PersonalPlate, PersonalVIN, PersonalIP}
}

// maskPersonal replaces VINs, plates, e-mail addresses, phone numbers and IP
// addresses by what they are, in brackets.
func maskPersonal(s string) string {
	if s == "" {
		return s
	}
	for _, kind := range Personals() {
		s, _ = kind.mask(s)
	}
	return s
}

// mask replaces what is of one kind by its name, and tells how often.
func (p Personal) mask(s string) (masked string, places int) {
	word := "[" + string(p) + "]"
	switch p {
	case PersonalEmail:
		return replaceAll(s, emailShape, word)
	case PersonalPhone:
		return replaceAll(s, phoneShape, word)
	case PersonalPlate:
		return replaceAll(s, plateShape, "$1$2"+word)
	case PersonalVIN:
		return replaceWords(s, vinShape, isVIN, word)
	case PersonalIP:
		return replaceWords(s, addressShape, isAddress, word)
	}
	return s, 0
}

func replaceAll(s string, shape *regexp.Regexp, with string) (replaced string, places int) {
	places = len(shape.FindAllStringIndex(s, -1))
	if places == 0 {
		return s, 0
	}
	return shape.ReplaceAllString(s, with), places
}

// replaceWords replaces each match that stands alone, as far as letters and
// digits go, and is what it looks like.
func replaceWords(s string, shape *regexp.Regexp, is func(string) bool, with string) (replaced string, places int) {
	var out strings.Builder
	done := 0
	for _, at := range shape.FindAllStringIndex(s, -1) {
		from, to := at[0], at[1]
		for to > from && (s[to-1] == '.' || s[to-1] == ':') && !is(s[from:to]) {
			to-- // a full stop or colon of the sentence
		}
		if wordBefore(s[:from]) || wordAfter(s[to:]) || !is(s[from:to]) {
			continue
		}
		out.WriteString(s[done:from])
		out.WriteString(with)
		done = to
		places++
	}
	if done == 0 {
		return s, 0
	}
	out.WriteString(s[done:])
	return out.String(), places
}

func wordBefore(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return s != "" && isWord(r)
}

func wordAfter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && isWord(r)
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// isVIN follows ISO 3779: 17 letters and digits without I, O and Q. A word of
// letters only, or a number, is none.
func isVIN(s string) bool {
	if len(s) != 17 {
		return false
	}
	letters, digits := 0, 0
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case strings.IndexByte("IOQioq", c) >= 0:
			return false
		default:
			letters++
		}
	}
	return letters > 0 && digits > 0
}

func isAddress(s string) bool {
	if addr, err := netip.ParseAddr(s); err == nil {
		return s != "::" && addr.IsValid()
	}
	// An IPv4 address with a port.
	ap, err := netip.ParseAddrPort(s)
	return err == nil && ap.IsValid()
}
