package record

import "bytes"

// tagBytesMax bounds the search for the head of an element.
const tagBytesMax = 512

// element masks the text of an XML element whose name says so, or whose
// attribute does: <property name="password">. at is the ">" of its start tag.
func (s *scanner) element(b []byte, lo, at, hi int) int {
	open := bytes.LastIndexByte(b[max(lo, at-tagBytesMax):at], '<')
	if open < 0 {
		return at + 1
	}
	open += max(lo, at-tagBytesMax)
	name, rest := tagName(b[open+1 : at])
	if len(name) == 0 {
		return at + 1
	}
	if equalFold(name, "key") && len(rest) == 0 {
		return s.propertyList(b, at, hi)
	}
	how := s.p.named.of(name)
	if how == harmless && len(rest) > 0 {
		if name = namingAttribute(rest); len(name) > 0 {
			how = s.p.named.of(name)
		}
	}
	if how == harmless {
		return at + 1
	}
	from, end := elementText(b, at+1, hi)
	if from == end || !mustMask(how, trimSpace(b[from:end])) {
		return at + 1
	}
	return s.addValue(value{b: b, name: name, how: how}, from, end)
}

// tagName cuts a start tag after its name, which it gives without a prefix.
func tagName(tag []byte) (name, rest []byte) {
	k := 0
	for k < len(tag) && (isNameByte(tag[k]) || tag[k] == ':') {
		k++
	}
	name = tag[:k]
	if i := bytes.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	if k < len(tag) && !isSpace(tag[k]) {
		return nil, nil
	}
	return name, tag[k:]
}

// namingAttribute gives the value of the attribute that names what the element
// holds.
func namingAttribute(attributes []byte) []byte {
	for _, word := range [...]string{"type=", "name=", "key=", "Name=", "Key="} {
		at := bytes.Index(attributes, []byte(word))
		if at < 1 || !isSpace(attributes[at-1]) {
			continue
		}
		v := attributes[at+len(word):]
		if len(v) < 2 || v[0] != '"' && v[0] != '\'' {
			continue
		}
		if end := bytes.IndexByte(v[1:], v[0]); end >= 0 && (word != "type=" || equalFold(v[1:end+1], "password")) {
			return v[1 : end+1]
		}
	}
	return nil
}

// elementText finds the text of an element that begins at lo: up to the next
// tag, or what is inside a CDATA section. It is empty where another element
// begins.
func elementText(b []byte, lo, hi int) (from, end int) {
	const open, shut = "<![CDATA[", "]]>"
	from = lo
	for from < hi && isSpace(b[from]) {
		from++
	}
	if bytes.HasPrefix(b[from:hi], []byte(open)) {
		from += len(open)
		if n := bytes.Index(b[from:hi], []byte(shut)); n >= 0 {
			return from, from + n
		}
		return from, hi
	}
	n := bytes.IndexByte(b[from:hi], '<')
	if n < 0 {
		return from, tokenStop(b, from, hi) // cut off
	}
	end = from + n
	if end+1 < hi && b[end+1] != '/' && b[end+1] != '!' {
		return lo, lo // a placeholder such as "<TOKEN>", or an element with others in it
	}
	return from, end
}

// attributeValue looks, for a "value=" in a tag, at the attribute that names
// it: <add key="ApiKey" value="…"/>.
func (s *scanner) attributeValue(b []byte, lo, name, next, hi int) int {
	window := max(lo, name-tagBytesMax)
	open := bytes.LastIndexByte(b[window:name], '<')
	if open < 0 || next >= hi || b[next] != '"' && b[next] != '\'' {
		return next
	}
	of := namingAttribute(b[window+open : name])
	if len(of) == 0 {
		return next
	}
	end := quoteEnd(b, next, hi, 0)
	how := s.p.anywhere.of(of)
	if how == harmless || !mustMask(how, b[next+1:min(end, next+judgedBytesMax)]) {
		return next
	}
	s.add(next+1, end)
	return end
}

// formPart masks a part of a multipart form (RFC 7578) whose name says so. The
// quote of the name stands at next.
func (s *scanner) formPart(b []byte, name, next, hi int) int {
	if next >= hi || !bytes.Contains(b[max(0, name-pairNameBytesMax):name], []byte("form-data")) {
		return next
	}
	of, shut := next, tokenStop(b, next, min(hi, next+judgedBytesMax))
	if b[next] == '"' {
		of, shut = next+1, quoteEnd(b, next, min(hi, next+judgedBytesMax), 0)
	}
	how := s.p.anywhere.of(b[of:shut])
	if how == harmless {
		return next
	}
	from := headEnd(b, shut, hi)
	if from == 0 {
		return next
	}
	end := hi
	if n := bytes.Index(b[from:hi], []byte("\n--")); n >= 0 {
		if end = from + n; end > from && b[end-1] == '\r' {
			end--
		}
	}
	if !mustMask(how, b[from:end]) {
		return next
	}
	s.add(from, end)
	return end
}

// headEnd finds where the fields of a part end; 0 if they do not.
func headEnd(b []byte, at, hi int) int {
	window := b[at:min(hi, at+tagBytesMax)]
	crlf, lf := bytes.Index(window, []byte("\r\n\r\n")), bytes.Index(window, []byte("\n\n"))
	switch {
	case crlf >= 0 && (lf < 0 || crlf < lf):
		return at + crlf + 4
	case lf >= 0:
		return at + lf + 2
	}
	return 0
}

// blockValue finds the value of a YAML key that stands on the lines behind it,
// indented further than the key, after nothing or after the sign of a block
// scalar. at is behind the colon; from is 0 where no such value stands.
func blockValue(b []byte, lo, name, at, hi int) (from, end int) {
	i := at
	for i < hi && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	isBlock := i < hi && (b[i] == '|' || b[i] == '>')
	if isBlock {
		for i++; i < hi && (b[i] == '-' || b[i] == '+' || isDigit(b[i]) || b[i] == ' '); i++ {
		}
	}
	if i < hi && b[i] == '\r' {
		i++
	}
	if i >= hi || b[i] != '\n' {
		return 0, 0
	}
	indent := 0
	for k := name; k > lo && b[k-1] != '\n' && name-k < pairNameBytesMax; k-- {
		if c := b[k-1]; c != ' ' && c != '-' && c != '"' && c != '\'' {
			indent = -1 // the key is not the first of its line
			break
		}
		indent++
	}
	if indent < 0 {
		return 0, 0
	}
	from, end = 0, 0
	for i < hi && b[i] == '\n' {
		line := i + 1
		k := line
		for k < hi && b[k] == ' ' {
			k++
		}
		stop := k
		if n := bytes.IndexByte(b[k:hi], '\n'); n >= 0 {
			stop += n
		} else {
			stop = hi
		}
		isBlank := len(trimSpace(b[k:stop])) == 0
		if !isBlank && k-line <= indent {
			break
		}
		if !isBlank {
			if from == 0 {
				from = k
			}
			if end = stop; b[end-1] == '\r' {
				end--
			}
			if !isBlock {
				break // a plain value of more than one line is rare, an object is not
			}
		}
		i = stop
	}
	return from, end
}

// isMapping reports whether a block holds keys of its own.
func isMapping(v []byte) bool {
	head := v[:min(len(v), judgedBytesMax)]
	if n := bytes.IndexByte(head, '\n'); n >= 0 {
		head = head[:n]
	}
	head = trimSpace(head)
	return bytes.Contains(head, []byte(": ")) || len(head) > 0 && head[len(head)-1] == ':'
}

// listedValue looks, for a YAML "value:", at the line before it, which may name
// it: "- name: API_KEY".
func (s *scanner) listedValue(b []byte, lo, at, next, hi int) int {
	window := b[max(lo, at-pairNameBytesMax-nameBytesMax):at]
	line := bytes.LastIndexByte(window, '\n')
	if line < 0 || len(trimSpace(window[line:])) > 0 {
		return next
	}
	before := window[:line]
	if n := bytes.LastIndexByte(before, '\n'); n >= 0 {
		before = before[n+1:]
	}
	before = bytes.TrimLeft(before, " -\t")
	key, of := cutByte(before, ':')
	if of = bytes.Trim(of, " \"'\r"); len(of) == 0 || !equalFold(key, "name") && !equalFold(key, "key") {
		return next
	}
	how := s.p.anywhere.of(of)
	if how == harmless {
		return next
	}
	return s.pairValue(value{b: b, name: of, how: how, sep: ':'}, true, next, hi)
}

// propertyList masks the value of <key>password</key><string>…</string>; at is the
// ">" of the key's start tag.
func (s *scanner) propertyList(b []byte, at, hi int) int {
	from, end := elementText(b, at+1, hi)
	how := s.p.named.of(trimSpace(b[from:end]))
	if how < secret {
		return at + 1
	}
	rest := b[end:min(hi, end+tagBytesMax)]
	if !bytes.HasPrefix(rest, []byte("</key>")) {
		return at + 1
	}
	open := bytes.IndexByte(rest[len("</key>"):], '>')
	if open < 0 {
		return at + 1
	}
	from, end = elementText(b, end+len("</key>")+open+1, hi)
	if from == end || !mustMask(how, trimSpace(b[from:end])) {
		return at + 1
	}
	s.add(from, end)
	return end
}

// puttyKey masks the lines of a private key as PuTTY writes it, and the sum that is
// made with it.
func (s *scanner) puttyKey(b []byte, next, hi int) int {
	line := bytes.IndexByte(b[next:hi], '\n')
	if line < 0 {
		return next
	}
	from := next + line + 1
	end := hi
	if n := bytes.Index(b[from:hi], []byte("Private-MAC:")); n >= 0 {
		end = from + n
		if b[end-1] == '\n' {
			end--
		}
	}
	s.addAs(from, end, ByShape)
	return max(end, from)
}

// identifiedBy masks the password in "IDENTIFIED BY 'x'" of SQL.
func (s *scanner) identifiedBy(b []byte, end, hi int) int {
	rest := b[end:hi]
	if len(rest) < len(" BY 'x'") || !equalFold(rest[:4], " by ") || rest[4] != '\'' && rest[4] != '"' {
		return end
	}
	from := end + 5
	to := quoteEnd(b, end+4, hi, 0)
	if from < to && string(b[from:to]) != Redacted {
		s.add(from, to)
	}
	return max(to, end)
}
