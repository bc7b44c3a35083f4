package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// where fills method, host, path and query.
func (p *jsonLines) where(d *record.Draft) {
	d.Method = upperMethod(p.get(fieldMethod))
	if target := p.get(fieldURL); len(target) > 0 {
		if method, rest, ok := bytes.Cut(target, []byte{' '}); ok && isMethod(method) && (len(d.Method) == 0 || bytes.Equal(d.Method, method)) {
			d.Method, target = method, rest // a whole request line
			if i := bytes.LastIndex(target, []byte(" HTTP/")); i >= 0 {
				d.HTTPVersion, target = target[i+6:], target[:i]
			}
			target = p.statusBehind(target, d)
		}
		p.arena.setTarget(d, p.absolute(target))
	}
	if path := p.get(fieldPath); len(path) > 0 && (len(d.Path) == 0 || len(d.Target) == 0) {
		if q := bytes.IndexByte(path, '?'); q >= 0 {
			path, d.Query = path[:q], path[q+1:]
		}
		d.Path = path
	}
	if len(d.Query) == 0 && p.has(fieldQuery) && p.values[fieldQuery].kind == jsonscan.String {
		d.Query = bytes.TrimPrefix(p.get(fieldQuery), []byte{'?'})
	}
	if host := p.get(fieldHost); len(host) > 0 && len(d.Host) == 0 && bytes.IndexByte(host, ' ') < 0 {
		d.Host = p.arena.host(host)
	}
	if len(d.Scheme) == 0 {
		d.Scheme = p.arena.lower(p.get(fieldScheme))
	}
	if version := p.get(fieldVersion); len(version) > 0 && len(d.HTTPVersion) == 0 {
		d.HTTPVersion = httpVersion(version)
	}
}

// statusBehind cuts the status that go-retryablehttp writes behind a URL.
func (p *jsonLines) statusBehind(target []byte, d *record.Draft) []byte {
	url, rest, found := bytes.Cut(target, []byte(" (status: "))
	if !found {
		return target
	}
	if n, ok := number(bytes.TrimSuffix(rest, []byte{')'})); ok && n >= 100 && n < 1000 && !p.has(fieldStatus) {
		d.Status = int(n)
	}
	return url
}

// absolute joins a relative target to the base that the line states.
func (p *jsonLines) absolute(target []byte) []byte {
	if !p.has(fieldBaseURL) {
		return target
	}
	base := p.get(fieldBaseURL)
	if bytes.Index(base, []byte("://")) <= 0 || bytes.Contains(target, []byte("://")) {
		return target
	}
	a := &p.arena
	start := len(a.buf)
	a.buf = append(a.buf, bytes.TrimRight(base, "/")...)
	if target[0] != '/' && target[0] != '?' {
		a.buf = append(a.buf, '/')
	}
	a.buf = append(a.buf, target...)
	return a.buf[start:len(a.buf):len(a.buf)]
}

var (
	methodGET, methodPOST, methodPUT      = []byte("GET"), []byte("POST"), []byte("PUT")
	methodPATCH, methodDELETE, methodHEAD = []byte("PATCH"), []byte("DELETE"), []byte("HEAD")
)

// upperMethod is the method of RFC 9110 where a client wrote it in lower case.
func upperMethod(b []byte) []byte {
	switch string(b) {
	case "get":
		return methodGET
	case "post":
		return methodPOST
	case "put":
		return methodPUT
	case "patch":
		return methodPATCH
	case "delete":
		return methodDELETE
	case "head":
		return methodHEAD
	}
	return b
}

// spelledAsMethod keeps the methods of programs from being taken for those of
// HTTP, which are in capitals.
func spelledAsMethod(b []byte) bool {
	for _, c := range b {
		if (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return false
		}
	}
	return len(b) > 2 && len(b) <= 24
}

// when sets time and duration. It is false where a time was written that
// cannot be read.
func (p *jsonLines) when(d *record.Draft) bool {
	d.DurationNS = p.duration()
	if p.has(fieldEpochSeconds) && !p.has(fieldEnd) && !p.has(fieldTime) {
		return p.twoPartTime(d)
	}
	order := [...]jsonField{fieldEnd, fieldTime, fieldStart}
	if p.voc.began {
		order = [...]jsonField{fieldEnd, fieldStart, fieldTime}
	}
	tried := false
	for _, f := range order {
		v := &p.values[f]
		if !p.has(f) {
			continue
		}
		tried = true
		ns, digits, ok := p.clock.any(p.text(v.raw, v.kind))
		if !ok {
			continue
		}
		d.TimeNS, d.TimeDigits = ns, digits
		if f == fieldStart && d.DurationNS > 0 {
			d.LoggedNS = ns
			d.TimeNS += d.DurationNS
		}
		if f == fieldEnd && d.DurationNS < 0 && p.has(fieldStart) {
			p.between(d)
		}
		return true
	}
	return !tried
}

// between takes the time from start to end for the duration. Between two whole
// seconds that are the same it is not known.
func (p *jsonLines) between(d *record.Draft) {
	start := &p.values[fieldStart]
	from, digits, ok := p.clock.any(p.text(start.raw, start.kind))
	if ok && (from < d.TimeNS || from == d.TimeNS && digits > 0) {
		d.DurationNS = d.TimeNS - from
	}
}

// twoPartTime joins the seconds and nanoseconds that some loggers part.
func (p *jsonLines) twoPartTime(d *record.Draft) bool {
	secs, ok := number(p.get(fieldEpochSeconds))
	if !ok || secs > 1<<62/secondNS {
		return false
	}
	nanos, ok := number(p.get(fieldNanos))
	d.TimeNS, d.TimeDigits = secs*secondNS, 0
	if ok && nanos < secondNS {
		d.TimeNS, d.TimeDigits = d.TimeNS+nanos, 9
	}
	return true
}

// duration is the stated duration, or the sum of its parts, or absent.
func (p *jsonLines) duration() int64 {
	if v := &p.values[fieldDuration]; p.has(fieldDuration) {
		if ns, ok := durationNS(p.text(v.raw, v.kind), v.name.unitNS); ok {
			return ns
		}
		return record.Absent
	}
	const parts = 1<<fieldPart1 | 1<<fieldPart2 | 1<<fieldPart3
	if p.stated&parts != parts {
		return record.Absent
	}
	var sum int64
	for _, f := range [...]jsonField{fieldPart1, fieldPart2, fieldPart3} {
		v := &p.values[f]
		ns, ok := durationNS(p.text(v.raw, v.kind), v.name.unitNS)
		if !ok || ns > 1<<60 {
			return record.Absent
		}
		sum += ns
	}
	return sum
}
