package record

import "bytes"

// nextLine finds the value of a name that stands alone on a later line: blanks,
// one or two line ends, and one word that may be in quotes, with nothing behind it.
// to is 0 where no such value stands.
func nextLine(b []byte, at, hi int) (from, to int) {
	const indentMax = 64
	breaks, i := 0, at
	for i < hi && i-at < indentMax && isSpace(b[i]) {
		if b[i] == '\n' {
			breaks++
		}
		i++
	}
	if breaks == 0 || breaks > 2 {
		return 0, 0
	}
	from = i
	if from < hi && (b[from] == '"' || b[from] == '\'') {
		from++
	}
	to = tokenStop(b, from, hi)
	for i = to; i < hi && (b[i] == '"' || b[i] == '\'' || b[i] == ',' || b[i] == ';' || b[i] == ' ' || b[i] == '\t' || b[i] == '\r'); i++ {
	}
	if to == from || i < hi && b[i] != '\n' || b[to-1] == ':' || bytes.Contains(b[from:to], []byte("://")) {
		return 0, 0
	}
	return from, to
}

// onNextLine masks such a value, and gives the index behind it; 0 where none
// stands that may be a credential.
func (s *scanner) onNextLine(b []byte, how strength, at, hi int) int {
	from, to := nextLine(b, at, hi)
	if to == 0 || !isCredible(b[from:to]) || how == doubtful && !isOpaque(b[from:to]) {
		return 0
	}
	s.add(from, to)
	return to
}

// linkWords stand between a name and its value in sentences: "API key provided: x".
var linkWords = [...]string{"is", "was", "provided", "given", "supplied", "used", "received", "sent"}

// speaksOf gives the index where the word begins that a link word at k belongs to,
// and whether there is one.
func speaksOf(b []byte, lo, k int, word []byte) (from int, ok bool) {
	for _, w := range linkWords {
		if equalFold(word, w) {
			ok = true
		}
	}
	if !ok || k <= lo || b[k-1] != ' ' {
		return k, false
	}
	for k--; k > lo && isNameByte(b[k-1]); k-- {
	}
	return k, true
}

// secretWords are what sentences call credentials: "token x has expired".
var secretWords = [...]string{"token", "key", "secret", "password", "passwd", "passphrase", "credential", "apikey", "api_key", "access_token"}

// otherKeys are words before "key" and "token" that make something harmless of it.
var otherKeys = [...]string{"idempotency", "cache", "primary", "partition", "foreign", "sort", "object", "routing", "public", "page", "next",
	"continuation", "sync", "dedup", "deduplication", "unique", "row", "hash", "range", "lock", "storage", "message", "redis", "duplicate", "resume", "cursor"}

// isSpokenOf reports whether the long run b[start:end] is what the sentence before
// it calls a token or a key. Ids as UUIDs stay: keys of objects look so.
func (s *scanner) isSpokenOf(b []byte, lo, start, end int) bool {
	i := start
	if i > lo && (b[i-1] == '"' || b[i-1] == '\'' || b[i-1] == '`') {
		i--
	}
	if i-lo < 4 || b[i-1] != ' ' || !isLetter(b[i-2]) && b[i-2] != ':' {
		return false
	}
	word, at := wordBefore(b, lo, i-1)
	for _, w := range linkWords {
		if equalFold(word, w) {
			word, at = wordBefore(b, lo, at-1)
			break
		}
	}
	known := false
	for _, w := range secretWords {
		known = known || equalFold(word, w)
	}
	if !known || end-start == 36 && isHexID(b[start:end]) || !isOpaque(b[start:end]) {
		return false
	}
	before, _ := wordBefore(b, lo, at-1)
	for _, w := range otherKeys {
		if equalFold(before, w) {
			return false
		}
	}
	return true
}

// wordBefore gives the word that ends before at, and where it begins.
func wordBefore(b []byte, lo, at int) (word []byte, from int) {
	at = max(at, lo)
	from = at
	for from > lo && at-from < nameBytesMax && textKinds[b[from-1]]&wordByte != 0 {
		from--
	}
	return b[from:at], from
}

// afterPassword masks what sentences say of a password: "password 'x' is too weak",
// "with password x". end is behind the word; it gives the index to go on from.
func (s *scanner) afterPassword(b []byte, end, hi int) int {
	at := end + 1
	if at >= hi || b[end] != ' ' {
		return end
	}
	for _, w := range linkWords {
		if rest := b[at:hi]; len(rest) > len(w) && rest[len(w)] == ' ' && equalFold(rest[:len(w)], w) {
			at += len(w) + 1
			break
		}
	}
	from := at
	if from < hi && (b[from] == '\'' || b[from] == '"') {
		from++
	}
	to := tokenStop(b, from, hi)
	if from >= to || !isCredible(b[from:to]) || string(b[from:to]) == Redacted {
		return end
	}
	s.add(from, to)
	return to
}

// flag masks the value of an option of a command whose name says what it is:
// "--http-password x", "--user jo:x". The run of token bytes is b[start:end].
func (s *scanner) flag(b []byte, start, end, hi int) int {
	name := b[start+2 : end]
	if end >= hi || b[end] != ' ' && b[end] != '=' {
		return end
	}
	if equalFold(name, "user") || equalFold(name, "proxy-user") {
		return s.userPassword(b, end+1, hi)
	}
	how := s.p.named.of(name)
	from := end + 1
	if how < secret || b[end] == '=' {
		return end
	}
	if from < hi && (b[from] == '"' || b[from] == '\'') {
		from++
	}
	to := tokenStop(b, from, hi)
	if from >= to || b[from] == '-' || !mustMask(how, b[from:to]) || !isCredible(b[from:to]) {
		return end
	}
	s.add(from, to)
	return to
}

// curlBytesMax bounds the search for the options of a command line.
const curlBytesMax = 1024

// curl masks what stands behind the "-u" of a command line.
func (s *scanner) curl(b []byte, end, hi int) int {
	line := b[end:min(hi, end+curlBytesMax)]
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	at := bytes.Index(line, []byte(" -u "))
	if at < 0 || bytes.ContainsAny(line[:at], "'\"=:") {
		return end // what stands before must be looked at by itself
	}
	return s.userPassword(b, end+at+len(" -u "), hi)
}

// userPassword masks "name:password" at at, and gives the index to go on from.
func (s *scanner) userPassword(b []byte, at, hi int) int {
	if at < hi && (b[at] == '"' || b[at] == '\'') {
		at++
	}
	to := tokenStop(b, at, hi)
	if n := bytes.IndexByte(b[at:to], ':'); n < 0 || at+n+1 == to {
		return at
	}
	s.addAs(at, to, ByShape)
	return to
}

// driverURL masks the password of "user:password@tcp(host)", as drivers of
// databases write it; the colon stands at at, before next. It gives the
// index to go on from.
func (s *scanner) driverURL(b []byte, at, next, hi int) int {
	if at == 0 || !isLetter(b[at-1]) || next >= hi || textEnds[b[next]] != 0 {
		return next // a time, JSON, prose
	}
	end := next
	for end < hi && end-next < judgedBytesMax && b[end] != '@' && textEnds[b[end]]&endsURL == 0 {
		end++
	}
	if end == next || end >= hi || b[end] != '@' {
		return next
	}
	rest := b[end+1 : hi]
	if bytes.HasPrefix(rest, []byte("tcp(")) || bytes.HasPrefix(rest, []byte("unix(")) {
		s.addAs(next, end, ByShape)
		return end
	}
	// jdbc:oracle:thin:user/password@//host
	if at := bytes.IndexByte(b[next:end], '/'); at > 0 && bytes.HasPrefix(rest, []byte("//")) {
		s.addAs(next+at+1, end, ByShape)
		return end
	}
	return next
}

// secretSegments are segments of paths with a credential behind them.
var secretSegments = [...]string{"token", "reset-password", "password-reset", "forgot-password", "reset_password", "password_reset", "magic-link", "verify-email", "confirm-email", "IncomingWebhook"}

// behindSegment masks the random segment of a path that follows one which says
// that it is a credential. end is behind a run of token bytes.
func (s *scanner) behindSegment(b []byte, start, end, lo, hi int) int {
	if start <= lo || b[start-1] != '/' {
		return end
	}
	for _, word := range secretSegments {
		if !equalFold(b[start:end], word) {
			continue
		}
		stop := end + 1
		for stop < hi && (textKinds[b[stop]]&wordByte != 0 || b[stop] == '.') {
			stop++
		}
		if v := b[end+1 : stop]; isOpaque(v) && !isHexID(v) || len(v) == 32 && isHexID(v) {
			s.addAs(end+1, stop, ByPath)
			return stop
		}
	}
	return end
}
