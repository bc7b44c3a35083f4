package record

import "unicode/utf8"

// pair handles "name=value" and "name: value", with and without quotes. The
// separator stands before next, the name before at.
func (s *scanner) pair(b []byte, lo, at, next, hi int, sep byte) int {
	if sep == ':' {
		if after := slashes(b, next, hi); after > 0 {
			return s.userinfo(b, after, hi)
		}
	}
	k := at
	for k > lo && at-k < 2 && b[k-1] == ' ' {
		k--
	}
	quoted := k
	for k > lo && (b[k-1] == '"' || b[k-1] == '\'' || b[k-1] == '\\') {
		k--
	}
	nameEnd := k
	set := s.p.anywhere
	if sep == ':' {
		set = s.p.named // "key" and the like are words of prose and of JSON
	}
	if sep == '=' && next < hi && b[next] == '>' {
		next++ // as PHP and Ruby write it
	}
	if !set.canEnd(b[lo:nameEnd]) {
		if sep == ':' {
			return s.driverURL(b, at, next, hi)
		}
		return next
	}
	for k > lo && nameEnd-k < pairNameBytesMax && isNameByte(b[k-1]) {
		k--
	}
	name := b[k:nameEnd]
	how := set.of(name)
	if how != harmless && sep == ':' && isComplaint(name) {
		return next
	}
	if how == harmless {
		from, ok := speaksOf(b, lo, k, name)
		if ok && sep == ':' {
			name = b[from : k-1]
			how = set.of(name)
		}
		if how == harmless {
			return s.named(b, lo, k, at, name, next, hi, sep)
		}
	}
	if sep == ':' && next < hi && (isSpace(b[next]) || b[next] == '|') {
		if from, end := blockValue(b, lo, k, next, hi); from > 0 {
			return s.block(b, name, how, from, end)
		}
	}
	if next < hi && isSpace(b[next]) {
		if end := s.onNextLine(b, how, next, hi); end > 0 {
			return end
		}
	}
	v := value{b: b, name: name, how: how, sep: sep, encoded: b[at] == '%', matrix: k > lo && b[k-1] == ';'}
	return s.pairValue(v, quoted > nameEnd, next, hi)
}

// named handles what is named by another pair before it.
func (s *scanner) named(b []byte, lo, at, sign int, name []byte, next, hi int, sep byte) int {
	switch {
	case sep == ':' && len(name) == len("value") && equalFold(name, "value"):
		return s.listedValue(b, lo, at, next, hi)
	case sep == ':' && equalFold(name, "Private-Lines"):
		return s.puttyKey(b, next, hi)
	case sep == ':':
		return s.driverURL(b, sign, next, hi)
	case len(name) == len("name") && equalFold(name, "name"):
		return s.formPart(b, at, next, hi)
	case len(name) == len("value") && equalFold(name, "value"), len(name) == len("content") && equalFold(name, "content"):
		return s.attributeValue(b, lo, at, next, hi)
	}
	return next
}

// isComplaint knows error codes that end like the name of a credential:
// "invalid_api_key: …" says what is wrong with one.
func isComplaint(name []byte) bool {
	for _, word := range [...]string{"invalid", "missing", "expired", "incorrect", "wrong", "unknown", "revoked", "malformed", "required", "unsupported", "err"} {
		if n := len(word); len(name) > n+1 && !isLetter(name[n]) && equalFold(name[:n], word) {
			return true
		}
	}
	return false
}

func isNameByte(c byte) bool {
	return textKinds[c]&wordByte != 0 || c == '.' || c == '%' || c == '[' || c == ']' || c >= utf8.RuneSelf
}

// value is what is known of a value before it is looked at.
type value struct {
	b       []byte
	name    []byte
	how     strength
	sep     byte
	encoded bool // the separator is percent-encoded, so is the end
	matrix  bool // a path parameter: ";jsessionid=…"
}

// pairValue masks the value that begins at next, and gives the index to go on
// from.
func (s *scanner) pairValue(v value, nameQuoted bool, next, hi int) int {
	b, lo := v.b, next
	for lo < hi && lo-next < 8 && (b[lo] == ' ' || b[lo] == '\t' || b[lo] == '[') {
		lo++
	}
	escapes := lo
	for lo < hi && b[lo] == '\\' {
		lo++
	}
	if lo < hi && (b[lo] == '"' || b[lo] == '\'') {
		seen := quoteEnd(b, lo, min(hi, lo+judgedBytesMax), lo-escapes)
		if !mustMask(v.how, b[lo+1:max(seen, lo+1)]) {
			return next
		}
		return s.addValue(v, lo+1, quoteEnd(b, lo, hi, lo-escapes))
	}
	lo = escapes
	line := lo
	for line < hi && line-lo < judgedBytesMax && textEnds[b[line]]&endsLine == 0 && !escapedBreak(b, line, hi) {
		line++
	}
	if v.sep == ':' && !nameQuoted {
		if isSentence(b[lo:line]) {
			return next
		}
		if isCookie(v.name) {
			for line < hi && textEnds[b[line]]&endsLine == 0 && !escapedBreak(b, line, hi) {
				line++
			}
			if !mustMask(v.how, b[lo:line]) {
				return next
			}
			return s.addValue(v, lo, line)
		}
	}
	if isAuthorization(v.name) {
		if scheme, _, ok := cutScheme(b[lo:line]); ok {
			lo += len(scheme) + 1
			if v.sep == ':' && !nameQuoted && isSentence(b[lo:line]) { // "Authorization: Bearer header was provided."
				return next
			}
			if !equalFold(scheme, "bearer") && !equalFold(scheme, "basic") && !equalFold(scheme, "token") {
				return s.addValue(v, lo, line)
			}
		} else if word := trimSpace(b[lo:line]); equalFold(word, "bearer") || equalFold(word, "basic") {
			if end := s.onNextLine(b, v.how, lo+len(word), hi); end > 0 {
				return end
			}
		}
	}
	seen := v.end(lo, min(hi, lo+judgedBytesMax))
	if !mustMask(v.how, b[lo:seen]) || v.sep == ':' && !nameQuoted && isPlainWord(v.name) && !isCredible(b[lo:seen]) {
		return next
	}
	return s.addValue(v, lo, v.end(lo, hi))
}

// block masks a value that stands on lines of its own.
func (s *scanner) block(b, name []byte, how strength, from, end int) int {
	for end > from && isSpace(b[end-1]) {
		end--
	}
	if c := b[from]; (c == '"' || c == '\'') && end-from > 1 && b[end-1] == c {
		from, end = from+1, end-1
	}
	v := b[from:end]
	if !mustMask(how, v) || isSentence(v) || isPlainWord(name) && !isCredible(v) || isMapping(v) {
		return from
	}
	s.add(from, end)
	return end
}

// end finds where a value without quotes ends.
func (v *value) end(lo, hi int) int {
	b, end := v.b, lo
	for end < hi && textEnds[b[end]]&endsToken == 0 {
		c := b[end]
		if v.matrix && (c == '/' || c == ';' || c == '?') || escapedBreak(b, end, hi) {
			break
		}
		if v.encoded && c == '%' {
			d, last := percent(b[:hi], end)
			if d == '&' || d == '#' || d == ' ' || d == '"' {
				break
			}
			end = last
		}
		end++
	}
	if end < hi && (b[end] == '"' || b[end] == '\'') {
		for end > lo && b[end-1] == '\\' {
			end--
		}
	}
	return end
}

// escapedBreak knows the escapes that end a value in text that was not
// unquoted: line ends and \u0026.
func escapedBreak(b []byte, i, hi int) bool {
	return b[i] == '\\' && i+1 < hi && (b[i+1] == 'n' || b[i+1] == 'r' || b[i+1] == 't' || b[i+1] == 'u')
}

// quoteEnd finds the quote that closes the one at lo, which stands behind so
// many backslashes; a value that is cut off ends with the text.
func quoteEnd(b []byte, lo, hi, escapes int) int {
	quote, run := b[lo], 0
	for i := lo + 1; i < hi; i++ {
		switch {
		case b[i] == '\\':
			run++
			continue
		case b[i] == quote && run <= escapes:
			return i - run
		}
		run = 0
	}
	return hi
}

// addValue masks b[lo:end], but for the scheme of an Authorization, and gives
// the index to go on from.
func (s *scanner) addValue(v value, lo, end int) int {
	if isAuthorization(v.name) {
		if scheme, _, ok := cutScheme(v.b[lo:end]); ok {
			lo += len(scheme) + 1
		}
	}
	s.add(lo, end)
	return end
}
