package ingest

import "bytes"

// Limits of what stands in front of a line.
const (
	containerNameMax = 256 // bytes of a container's or pod's name
	syslogWordMax    = 256 // bytes of a host, tag or id
)

// stampLength is how many bytes of b are an RFC 3339 time with a zone, which is
// followed by a blank or the end; 0 where there is none. fraction is how many
// digits of a second it has.
func stampLength(b []byte) (length, fraction int) {
	if len(b) < 20 || b[4] != '-' || b[7] != '-' || b[10] != 'T' || b[13] != ':' || b[16] != ':' || b[0] < '0' || b[0] > '9' {
		return 0, 0
	}
	i := 19
	if b[i] == '.' {
		for i++; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
			fraction++
		}
	}
	switch {
	case i < len(b) && b[i] == 'Z':
		i++
	case i+6 <= len(b) && (b[i] == '+' || b[i] == '-') && b[i+3] == ':':
		i += 6
	default:
		return 0, 0
	}
	if i < len(b) && b[i] != ' ' {
		return 0, 0
	}
	return i, fraction
}

// peelCRI reads "2026-03-04T09:15:02.118Z stdout F text".
func peelCRI(line []byte) (p peeled, ok bool) {
	n, _ := stampLength(line)
	if n == 0 || len(line) < n+9 {
		return p, false
	}
	p.time = line[:n]
	switch rest := line[n+1:]; {
	case bytes.HasPrefix(rest, []byte("stdout ")):
	case bytes.HasPrefix(rest, []byte("stderr ")):
		p.stream = 1
	default:
		return p, false
	}
	rest := line[n+8:]
	tag := rest[0]
	if tag != 'F' && tag != 'P' || len(rest) > 1 && rest[1] != ' ' && rest[1] != ':' {
		return p, false
	}
	p.partial = tag == 'P'
	if i := bytes.IndexByte(rest, ' '); i >= 0 { // further tags may follow behind ":"
		p.text = rest[i+1:]
	}
	return p, true
}

// stampDigitsMin tells the times that docker logs -t, kubectl logs --timestamps
// and the logs of CI put in front from those that programs write themselves.
const stampDigitsMin = 7

// peelStamp reads "2026-03-04T09:15:02.118000123Z text".
func peelStamp(line []byte) (p peeled, ok bool) {
	n, digits := stampLength(line)
	if digits < stampDigitsMin || n == len(line) {
		return p, false
	}
	return peeled{time: line[:n], text: line[n+1:]}, true
}

// peelCompose reads the name that docker compose ("web-1  | text"), kubectl
// ("[pod/web-5d4/app] text") and stern ("web-5d4f8-x7x2p app text") put in
// front, and the time that the first two add on demand.
func peelCompose(line []byte) (p peeled, ok bool) {
	text := behindName(line)
	if text == nil {
		return p, false
	}
	p.text = text
	if n, digits := stampLength(text); digits >= stampDigitsMin {
		p.time, p.text = text[:n], text[min(n+1, len(text)):]
	}
	return p, true
}

// behindName is what follows the name, nil where there is none.
func behindName(line []byte) []byte {
	if bytes.HasPrefix(line, []byte("[pod/")) {
		end := bytes.IndexByte(line[:min(len(line), containerNameMax)], ']')
		if end < 0 || end+1 < len(line) && line[end+1] != ' ' {
			return nil
		}
		return line[min(end+2, len(line)):]
	}
	i := 0
	for i < len(line) && i < containerNameMax && isTagByte(line[i]) {
		i++
	}
	name := i
	for i < len(line) && i < containerNameMax && line[i] == ' ' {
		i++
	}
	switch {
	case name == 0 || i == name || i >= len(line):
		return nil
	case line[i] == '|' && (i+1 == len(line) || line[i+1] == ' '):
		return line[min(i+2, len(line)):]
	case i == name+1 && isPodName(line[:name]):
		end := i
		for end < len(line) && isTagByte(line[end]) {
			end++
		}
		if end > i && end < len(line) && line[end] == ' ' {
			return line[end+1:]
		}
	}
	return nil
}

func isTagByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '@'
}

// podHash are the letters of the five that Kubernetes ends a pod's name with;
// it leaves out vowels and what looks alike.
const podHash = "bcdfghjklmnpqrstvwxz2456789"

func isPodName(b []byte) bool {
	i := len(b) - 6
	if i < 1 || b[i] != '-' {
		return false
	}
	for _, c := range b[i+1:] {
		if bytes.IndexByte([]byte(podHash), c) < 0 {
			return false
		}
	}
	return true
}

// peelSyslog reads RFC 5424 and RFC 3164, what rsyslog and journalctl write to
// files included: no priority, or a time as in RFC 3339.
func peelSyslog(line []byte) (p peeled, ok bool) {
	rest, version := behindPriority(line)
	if n := bsdTimeLength(rest); n > 0 && !version {
		p.time = rest[:n]
		return behindTag(p, rest[n:], len(rest) != len(line))
	}
	n, _ := stampLength(rest)
	switch {
	case n > 0:
		p.time, rest = rest[:n], rest[n:]
	case version && bytes.HasPrefix(rest, []byte("- ")):
		rest = rest[1:]
	default:
		return p, false
	}
	if text, ok := behindData(rest, version); ok {
		p.text = text
		return p, true
	}
	return behindTag(p, rest, len(line) > 0 && line[0] == '<')
}

// behindPriority cuts off "<134>" and the version "1 " behind it.
func behindPriority(line []byte) (rest []byte, version bool) {
	if len(line) < 4 || line[0] != '<' {
		return line, false
	}
	end := bytes.IndexByte(line[:min(len(line), 5)], '>')
	if end < 2 {
		return line, false
	}
	if _, ok := number(line[1:end]); !ok {
		return line, false
	}
	rest = line[end+1:]
	if len(rest) > 2 && rest[0] == '1' && rest[1] == ' ' {
		return rest[2:], true
	}
	return rest, false
}

// bsdTimeLength is the length of "Mar  4 09:15:02" with or without a fraction,
// 0 where b does not begin with it.
func bsdTimeLength(b []byte) int {
	if len(b) < 16 || b[3] != ' ' || b[6] != ' ' || b[9] != ':' || b[12] != ':' || monthOf(b[:3]) == 0 {
		return 0
	}
	n := 15
	if b[n] == '.' {
		for n++; n < len(b) && b[n] >= '0' && b[n] <= '9'; n++ {
		}
	}
	if n == len(b) || b[n] != ' ' {
		return 0
	}
	return n
}

// behindTag reads " host app[pid]: text". The host may be missing where there
// is a priority; so may the tag, as it is no part of the grammar.
func behindTag(p peeled, rest []byte, sure bool) (peeled, bool) {
	first, rest := word(rest)
	if len(first) == 0 || len(first) > syslogWordMax {
		return p, false
	}
	if isTag(first) && sure {
		p.text = rest
		return p, true
	}
	if isLevel(first) {
		return p, false // a line of an application, not of syslog
	}
	if tag, text := word(rest); isTag(tag) {
		p.text = text
		return p, true
	}
	p.text = rest
	return p, sure || len(p.time) > 0 && !hasZone(p.time)
}

// isTag recognises "app:" and "app[123]:".
func isTag(b []byte) bool {
	return len(b) > 1 && len(b) <= syslogWordMax && b[len(b)-1] == ':' && b[0] != '"' && b[0] != '{' && b[0] != '['
}

func isLevel(b []byte) bool {
	switch string(bytes.Trim(b, "[]:")) {
	case "TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL":
		return true
	}
	return false
}

// behindData reads " host app pid msgid [data] text". Heroku leaves the data
// out; without a priority the data and a number for the pid must be there, as
// else too much looks alike.
func behindData(rest []byte, version bool) (text []byte, ok bool) {
	for i := range 4 {
		var w []byte
		if w, rest = word(rest); len(w) == 0 || len(w) > syslogWordMax {
			return nil, false
		}
		if i == 2 && !version && string(w) != "-" {
			if _, ok := number(w); !ok {
				return nil, false
			}
		}
	}
	switch {
	case len(rest) == 0:
		return rest, version
	case rest[0] == '-' && (len(rest) == 1 || rest[1] == ' '):
		rest = rest[1:]
	case rest[0] == '[':
		end := dataLength(rest)
		if end == 0 {
			return nil, false
		}
		rest = rest[end:]
	case !version:
		return nil, false
	}
	return bytes.TrimPrefix(trimSpace(rest), byteOrderMark), true
}

// dataLength is the length of structured data: `[id name="value" …]…`, in whose
// values a quote, a bracket and a backslash are escaped.
func dataLength(b []byte) int {
	quoted := false
	for i := 1; i < len(b); i++ {
		switch {
		case b[i] == '\\' && quoted:
			i++
		case b[i] == '"':
			quoted = !quoted
		case b[i] == ']' && !quoted:
			if i+1 == len(b) || b[i+1] == ' ' {
				return i + 1
			}
			if b[i+1] != '[' {
				return 0
			}
		}
	}
	return 0
}
