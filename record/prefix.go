package record

import (
	"bytes"
	"strings"
)

// tokenPrefix is how a vendor's keys begin. tail is the least number of token
// bytes that must follow: shorter ones are words.
type tokenPrefix struct {
	text string
	tail int
}

// tokenPrefixes are the published prefixes of credentials, by first byte.
var tokenPrefixes = func() (t [256][]tokenPrefix) {
	for _, p := range []tokenPrefix{
		{"sk_live_", 8}, {"sk_test_", 8}, {"rk_live_", 8}, {"rk_test_", 8}, {"pk_live_", 8}, {"pk_test_", 8}, {"whsec_", 12},
		{"ghp_", 20}, {"gho_", 20}, {"ghu_", 20}, {"ghs_", 20}, {"ghr_", 20}, {"github_pat_", 20},
		{"glpat-", 16}, {"gldt-", 16}, {"glptt-", 16}, {"glrt-", 16}, {"glcbt-", 16}, {"glft-", 16}, {"glsoat-", 16}, {"glagent-", 16},
		{"glimt-", 16}, {"gloas-", 16}, {"glffct-", 16}, {"glsa_", 20}, {"glc_", 20},
		{"xoxb-", 10}, {"xoxp-", 10}, {"xoxa-", 10}, {"xoxr-", 10}, {"xoxs-", 10}, {"xoxe-", 10}, {"xoxe.", 10}, {"xoxc-", 10}, {"xoxd-", 10}, {"xoxo-", 10},
		{"xapp-", 10}, {"AIza", 30}, {"ya29", 20}, {"GOCSPX-", 16}, {"sk-ant-", 16}, {"sk-proj-", 16}, {"sk-svcacct-", 16}, {"sk-admin-", 16}, {"sk-or-", 16}, {"sk-", 32},
		{"gsk_", 24}, {"xai-", 24}, {"hf_", 24}, {"r8_", 24}, {"pplx-", 24}, {"npm_", 24}, {"pypi-", 32}, {"rubygems_", 24}, {"dckr_pat_", 16}, {"dckr_oat_", 16},
		{"dop_v1_", 24}, {"doo_v1_", 24}, {"dor_v1_", 24},
		{"shpat_", 16}, {"shpss_", 16}, {"shpca_", 16}, {"shppa_", 16}, {"shptka_", 16}, {"rzp_live_", 8}, {"rzp_test_", 8},
		{"sq0atp-", 16}, {"sq0csp-", 16}, {"sq0idp-", 16}, {"EAAA", 40}, {"EAA", 80}, {"PMAK-", 20}, {"lin_api_", 20}, {"lin_oauth_", 20}, {"figd_", 20},
		{"dapi", 32}, {"NRAK-", 20}, {"NRJS-", 16}, {"NRII-", 20}, {"tskey-", 16}, {"sbp_", 24}, {"sb_secret_", 16}, {"ntn_", 24}, {"secret_", 32}, {"key-", 32},
		{"hvs", 24}, {"pat-na1-", 16}, {"pat-eu1-", 16}, {"pat", 75}, {"access_token_", 16}, {"access-production-", 20}, {"access-sandbox-", 20}, {"SG", 40},
		{"ATATT3", 40}, {"ATCTT3", 40}, {"ATBB", 24}, {"HRKU-", 30}, {"nfp_", 30}, {"nfc_", 30}, {"pscale_tkn_", 20}, {"pscale_pw_", 20}, {"pscale_oauth_", 20},
		{"sntrys_", 24}, {"sntryu_", 24}, {"sqp_", 30}, {"squ_", 30}, {"sqa_", 30}, {"tfp_", 30}, {"fm2_", 40}, {"AKCp", 60}, {"LTAI", 12}, {"AKID", 24}, {"aio_", 26},
		{"mlsn", 40}, {"xkeysib-", 40}, {"re_", 28}, {"phc_", 40}, {"phx_", 40}, {"duffel_live_", 20}, {"duffel_test_", 20}, {"FLWSECK", 16}, {"cfat_", 30}, {"cfut_", 30}, {"vcp_", 30},
		{"APA91b", 80}, {"AGE-SECRET-KEY-1", 40}, {"nvapi-", 40}, {"CFPAT-", 30}, {"oy2", 43},
	} {
		t[p.text[0]] = append(t[p.text[0]], p)
	}
	return t
}()

// tokenSeconds holds, by the first byte of what tokenEnd knows, one bit for the
// low six of each second byte.
var tokenSeconds = func() (t [256]uint64) {
	for c, prefixes := range tokenPrefixes {
		for _, p := range prefixes {
			t[c] |= 1 << (p.text[1] & 63)
		}
	}
	for _, pair := range [...]string{"ey", "AK", "AS", "AB", "AC", "--", "SK", "MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"} {
		t[pair[0]] |= 1 << (pair[1] & 63)
	}
	return t
}()

// mayBeToken is a quick look at two bytes: false where tokenEnd gives 0.
func mayBeToken(b []byte, lo int) bool {
	return tokenSeconds[b[lo]]&(1<<(b[lo+1]&63)) != 0
}

// Bounds of the shapes, in bytes.
const (
	shapeBytesMin  = 12 // no shape is shorter
	opaqueBytesMin = 16 // a value that may be taken for a random one
	dottedBytesMin = 16 // what stands behind "SG." and the like
	jwtPartMin     = 8
	pemHeaderMax   = 96
	awsIDBytes     = 20
	awsSecretBytes = 40
	awsGapMax      = 48
)

// tokenEnd tells whether a credential of known shape begins at lo, where a run
// of token bytes begins that ends before end, and where it ends; 0 if none.
func tokenEnd(b []byte, lo, end, hi int) int {
	c := b[lo]
	switch {
	case c == 'e' && end-lo >= jwtPartMin && string(b[lo:lo+3]) == "eyJ":
		return jwtEnd(b, end, hi)
	case c == 'A' && isAWSKeyID(b[lo:end]):
		return end
	case c == '-':
		return pemEnd(b, lo, hi)
	case c == 'S' && end-lo == len("SK")+32 && b[lo+1] == 'K' && isHexID(b[lo+2:end]): // Twilio
		return end
	case c == 'M' || c == 'N' || c == 'O':
		if stop := discordEnd(b, lo, end, hi); stop > 0 {
			return stop
		}
	}
	for _, p := range tokenPrefixes[c] {
		n := len(p.text)
		if end-lo < n || string(b[lo:lo+n]) != p.text {
			continue
		}
		// Some vendors put dots between the parts of a token.
		if stop := dottedEnd(b, end, hi); stop-lo-n >= p.tail {
			return stop
		}
	}
	return 0
}

// dottedEnd goes on from the end of a run over the parts behind dots.
func dottedEnd(b []byte, stop, hi int) int {
	for stop+1 < hi && b[stop] == '.' && textKinds[b[stop+1]]&wordByte != 0 {
		for stop++; stop < hi && textKinds[b[stop]]&wordByte != 0; stop++ {
		}
	}
	return stop
}

// dottedStart tells where a credential begins whose long part begins at start,
// behind a dot and a prefix that is too short to be looked at by itself; -1 if
// there is none.
func dottedStart(b []byte, lo, start int) int {
	run := start - 1
	for run > lo && start-run < 8 && textKinds[b[run-1]]&wordByte != 0 {
		run--
	}
	switch string(b[run : start-1]) {
	case "hvs", "hvb", "hvr", "SG", "ya29", "sl":
		return run
	case "pt", "st", "ct", "sa", "scim", "audit", "said": // Doppler's kinds
		if run-lo >= 3 && string(b[run-3:run]) == "dp." {
			return run - 3
		}
	}
	return -1
}

// discordEnd knows the tokens of bots: the id in base64, a time, a signature.
func discordEnd(b []byte, lo, end, hi int) int {
	const idMin, idMax, timeBytes, signatureMin = 23, 28, 6, 27
	if n := end - lo; n < idMin || n > idMax || end+timeBytes+2 > hi || b[end] != '.' || b[end+timeBytes+1] != '.' {
		return 0
	}
	stop := dottedEnd(b, end, hi)
	if stop-end-timeBytes-2 < signatureMin {
		return 0
	}
	return stop
}

// telegramEnd knows the tokens of bots: an id, a colon and 35 token bytes.
func telegramEnd(b []byte, lo, end, hi int) int {
	const idMin, idMax, secretMin, secretMax = 6, 12, 33, 40
	if n := end - lo; n < idMin || n > idMax || end >= hi || b[end] != ':' {
		return 0
	}
	for _, c := range b[lo:end] {
		if !isDigit(c) {
			return 0
		}
	}
	stop := end + 1
	for stop < hi && textKinds[b[stop]]&wordByte != 0 {
		stop++
	}
	if n := stop - end - 1; n < secretMin || n > secretMax || !isOpaque(b[end+1:stop]) {
		return 0
	}
	return stop
}

// jwtEnd goes on from the end of a JWT's header (RFC 7519; five parts for
// JWE). A header alone is no credential: page cursors look like it.
func jwtEnd(b []byte, end, hi int) int {
	stop, parts := end, 0
	for stop < hi && b[stop] == '.' && parts < 4 {
		from := stop + 1
		for stop = from; stop < hi && textKinds[b[stop]]&wordByte != 0; stop++ {
		}
		if parts++; parts == 1 && stop-from < jwtPartMin && stop < hi {
			return 0
		}
	}
	if parts == 0 {
		return 0
	}
	if parts > 1 && b[stop-1] == '.' {
		stop-- // the end of a sentence, or an empty signature
	}
	return stop
}

// isAWSKeyID knows the documented form of access key ids: four letters that
// name the kind, then 16 of the base32 alphabet.
func isAWSKeyID(b []byte) bool {
	if len(b) != awsIDBytes {
		return false
	}
	switch string(b[:4]) {
	case "AKIA", "ASIA", "ABIA", "ACCA":
	default:
		return false
	}
	for _, c := range b[4:] {
		if !isUpper(c) && (c < '2' || c > '7') && !isDigit(c) {
			return false
		}
	}
	return true
}

// awsSecret finds the secret soon behind the id of its key: 40 bytes of base64
// that stand alone.
func awsSecret(b []byte, at, hi int) (from, to int) {
	for from = at; from < min(hi, at+awsGapMax); {
		to = from
		for to < hi && to-from <= awsSecretBytes && sextets[b[to]] <= 63 {
			to++
		}
		if to-from == awsSecretBytes {
			return from, to
		}
		from = to + 1
	}
	return 0, 0
}

// pemEnd finds the end of a private key in PEM (RFC 7468), with blanks as they
// are or as URLs write them; a key that is cut off ends with the text. Where
// only its end is left, it finds that of the last line.
func pemEnd(b []byte, lo, hi int) int {
	const begin, end = "-----BEGIN", "-----END"
	head := b[lo:min(hi, lo+pemHeaderMax)]
	if !bytes.HasPrefix(head, []byte(begin)) || !holdsPrivateKey(head[len(begin):]) {
		return 0
	}
	at := bytes.Index(b[lo:hi], []byte(end))
	if at < 0 {
		return hi
	}
	stop := lo + at + len(end)
	if at = bytes.Index(b[stop:min(hi, stop+pemHeaderMax)], []byte("-----")); at < 0 {
		return hi
	}
	return stop + at + len("-----")
}

// pemTail finds where the rest of a private key begins whose head was cut off
// and whose last line begins at lo; -1 if there is none.
func pemTail(b []byte, floor, lo, hi int) int {
	const end = "-----END"
	head := b[lo:min(hi, lo+pemHeaderMax)]
	if !bytes.HasPrefix(head, []byte(end)) || !holdsPrivateKey(head[len(end):]) {
		return -1
	}
	from := lo
	for from > floor && (sextets[b[from-1]] <= 63 || isSpace(b[from-1]) && b[from-1] != ' ' || b[from-1] == '=' || b[from-1] == '\\') {
		from--
	}
	if from == lo {
		return -1
	}
	return from
}

// holdsPrivateKey looks for the words between the dashes.
func holdsPrivateKey(b []byte) bool {
	at := bytes.Index(b, []byte("PRIVATE"))
	if at < 0 || at > 24 {
		return false
	}
	rest := b[at+len("PRIVATE"):]
	return len(rest) > 3 && (bytes.HasPrefix(rest[1:], []byte("KEY")) || bytes.HasPrefix(rest, []byte("%20KEY")))
}

// labels masks the labels of a host that are credentials in lower case, as hosts are
// written.
func (s *scanner) labels(host []byte) {
	goesOn := false // over dots, as the parts of a JWT do
	for lo := 0; lo < len(host); {
		hi := lo
		for hi < len(host) && host[hi] != '.' {
			hi++
		}
		label := host[lo:hi]
		switch begins := len(label) >= 2*opaqueBytesMin && string(label[:3]) == "eyj" || string(label) == "sg"; {
		case begins, goesOn && isOpaque(label), isLoweredToken(label):
			goesOn = goesOn || begins
			if len(label) > 2 {
				s.addAs(lo, hi, ByShape)
			}
		default:
			goesOn = false
		}
		lo = hi + 1
	}
	s.mergeSpans(0)
}

func isLoweredToken(label []byte) bool {
	if len(label) < awsIDBytes || !isOpaque(label) {
		return false
	}
	if string(label[:2]) == "sk" && isHexID(label[2:]) || len(label) == awsIDBytes && (string(label[:4]) == "akia" || string(label[:4]) == "asia") {
		return true
	}
	for _, c := range [...]byte{label[0], label[0] &^ 0x20} {
		for _, p := range tokenPrefixes[c] {
			if n := len(p.text); len(label) >= n+p.tail && equalFold(label[:n], strings.ToLower(p.text)) {
				return true
			}
		}
	}
	return false
}
