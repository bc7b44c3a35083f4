package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/errscope/errscope/record"
)

// BodyName is a rule by which the names of captured response bodies tell what
// the bodies themselves do not: one file is one exchange.
type BodyName struct {
	// Files is a pattern of [path.Match] for the last parts of a path:
	// "captures/*.json".
	Files string
	// Name says how a name is made, for as many of the last parts of a path as
	// it has: "{host}_{status}_{request_id}.json". Placeholders are host,
	// method, status, path, request_id, trace_id, vendor, time, time:epoch and
	// * for what does not matter. In a path, %2F stands for "/".
	Name string
	// URL, Host and Method are for what the name does not say. URL may hold
	// placeholders that the name has.
	URL, Host, Method string
	// ModTime takes the file's own time where the name has none. It is not
	// content: a copy has another one.
	ModTime bool
}

// Limits of a rule.
const (
	bodyPartsMax = 32
	bodyStepsMax = 1 << 16 // of matching one name
)

// bodyFields are the placeholders; "" ends none.
var bodyFields = []string{"host", "method", "status", "path", "request_id", "trace_id", "vendor", "time", "time:epoch", "*"}

// bodyPart is a piece of a naming rule: text, or a placeholder.
type bodyPart struct {
	text  string
	field string
}

// Check says what is wrong with the rule.
func (b BodyName) Check() error {
	if b.Files == "" || b.Name == "" {
		return errors.New("a rule for bodies needs files and name")
	}
	if _, err := path.Match(b.Files, ""); err != nil {
		return fmt.Errorf("reading the pattern %q: %w", b.Files, err)
	}
	known, err := b.parts(b.Name)
	if err != nil {
		return err
	}
	wanted, err := b.parts(b.URL)
	if err != nil {
		return err
	}
	for _, w := range wanted {
		found := w.field == ""
		for _, k := range known {
			found = found || k.field == w.field
		}
		if !found {
			return fmt.Errorf("the url %q has {%s}, the name has not", b.URL, w.field)
		}
	}
	return nil
}

// parts takes a rule apart.
func (b BodyName) parts(rule string) ([]bodyPart, error) {
	var parts []bodyPart
	for rule != "" {
		text, rest, found := strings.Cut(rule, "{")
		if text != "" {
			parts = append(parts, bodyPart{text: text})
		}
		if rule = rest; !found {
			break
		}
		field, rest, closed := strings.Cut(rule, "}")
		if !closed || !isBodyField(field) {
			return nil, fmt.Errorf("%q holds no placeholder {%.20s}; there are {%s}", b.Name, field, strings.Join(bodyFields, "} {"))
		}
		parts, rule = append(parts, bodyPart{field: field}), rest
	}
	if len(parts) > bodyPartsMax {
		return nil, fmt.Errorf("the name %.60q has more than %d parts", b.Name, bodyPartsMax)
	}
	return parts, nil
}

func isBodyField(field string) bool {
	for _, known := range bodyFields {
		if field == known {
			return true
		}
	}
	return false
}

// bodyRule is the first rule whose pattern a path matches.
func (c *Config) bodyRule(file string) (BodyName, bool) {
	if file == "-" {
		return BodyName{}, false
	}
	for _, b := range c.BodyNames {
		if ok, err := path.Match(b.Files, lastParts(file, b.Files)); ok && err == nil {
			return b, true
		}
	}
	return BodyName{}, false
}

// lastParts is as many of the last parts of a path as the rule has; of an
// absolute rule the whole path.
func lastParts(file, rule string) string {
	file = filepath.ToSlash(file)
	if strings.HasPrefix(rule, "/") {
		return file
	}
	parts := strings.Split(strings.TrimPrefix(file, "/"), "/")
	n := strings.Count(rule, "/") + 1
	return strings.Join(parts[max(len(parts)-n, 0):], "/")
}

// bodyMatcher finds the values of placeholders in a name.
type bodyMatcher struct {
	clock  *clock
	values map[string]string
	steps  int
}

// match reads the name by the rest of a rule. Each placeholder takes as little
// as the rest allows.
func (m *bodyMatcher) match(parts []bodyPart, name string) bool {
	if m.steps++; m.steps > bodyStepsMax {
		return false
	}
	if len(parts) == 0 {
		return name == ""
	}
	p := parts[0]
	if p.field == "" {
		rest, ok := strings.CutPrefix(name, p.text)
		return ok && m.match(parts[1:], rest)
	}
	for n := 1; n <= len(name) && name[n-1] != '/'; n++ {
		value := name[:n]
		if old, twice := m.values[p.field]; twice && p.field != "*" && old != value || !m.fits(p.field, value) {
			continue
		}
		_, twice := m.values[p.field]
		m.values[p.field] = value
		if m.match(parts[1:], name[n:]) {
			m.values[p.field] = value
			return true
		}
		if !twice {
			delete(m.values, p.field)
		}
	}
	return false
}

// fits reports whether a value can be what the placeholder stands for.
func (m *bodyMatcher) fits(field, value string) bool {
	b := []byte(value)
	switch field {
	case "host":
		return !bytes.ContainsFunc(b, func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-')
		})
	case "method":
		return isMethod(b) && !bytes.ContainsAny(b, "-_")
	case "status":
		n, ok := number(b)
		return ok && (n == 0 || len(b) == 3 && n >= 100)
	case "time":
		_, _, ok := m.clock.named(b)
		return ok
	case "time:epoch":
		_, _, ok := epoch(b)
		return ok && len(b) >= 9
	case "trace_id":
		_, ok := number(b)
		return ok || !bytes.ContainsFunc(b, func(r rune) bool {
			_, hex := hexDigit(byte(r))
			return r > 127 || !hex && r != '-'
		})
	}
	return true
}

// named reads a time as names of files hold it, which may have no colons: any
// known form, or its digits with whatever signs between them.
func (c *clock) named(b []byte) (ns int64, digits int8, ok bool) {
	if len(b) > 40 || len(b) < 8 {
		return 0, 0, false
	}
	if len(b) > 10 && b[4] == '-' && b[10] != '-' && b[10] != '_' {
		if ns, digits, ok = c.iso(b); ok {
			return ns, digits, ok
		}
	}
	var text [40]byte
	out, seen, i := text[:0], 0, 0
	for ; i < len(b) && seen < 14; i++ {
		switch ch := b[i]; {
		case ch >= '0' && ch <= '9':
			switch seen {
			case 4, 6:
				out = append(out, '-')
			case 8:
				out = append(out, 'T')
			case 10, 12:
				out = append(out, ':')
			}
			out = append(out, ch)
			seen++
		case ch != '-' && ch != '_' && ch != 'T' && ch != 't' && ch != ':' && ch != ' ' && ch != '.':
			return 0, 0, false
		}
	}
	rest := b[i:]
	if seen < 14 {
		return 0, 0, false
	}
	switch {
	case isSignedFraction(rest):
		out, rest = append(out, '.'), rest[1:]
	case len(rest) > 0 && rest[0] >= '0' && rest[0] <= '9':
		out = append(out, '.')
	}
	if len(out)+len(rest) > cap(out) {
		return 0, 0, false
	}
	return c.iso(append(out, rest...))
}

// isSignedFraction tells "-118" and "_118Z", whose sign stands for a point, from
// a zone such as "-0700".
func isSignedFraction(b []byte) bool {
	if len(b) < 2 || b[0] != '-' && b[0] != '_' {
		return false
	}
	digits := bytes.TrimRight(b[1:], "Zz")
	_, ok := number(digits)
	return ok && (b[0] == '_' || len(digits) < len(b)-1 || len(digits) != 2 && len(digits) != 4)
}

// fill puts what the name says into d; false where the name is not made by the
// rule.
func (b BodyName) fill(file string, modified int64, c *capturedHTTP, d *record.Draft) bool {
	parts, err := b.parts(b.Name)
	if err != nil {
		return false
	}
	m := bodyMatcher{clock: &c.clock, values: map[string]string{}}
	name := lastParts(file, b.Name)
	if !utf8.ValidString(name) || !m.match(parts, name) {
		return false
	}
	get := func(field string) []byte { return []byte(m.values[field]) }
	d.Method = c.arena.upper(firstOf(get("method"), []byte(b.Method)))
	d.RequestID, d.TraceID, d.Vendor = get("request_id"), get("trace_id"), get("vendor")
	if n, ok := number(get("status")); ok {
		d.Status = int(n)
	}
	switch {
	case b.URL != "":
		c.arena.setTarget(d, b.address(m.values))
	case len(get("path")) > 0:
		c.arena.setTarget(d, []byte(unescapedPath(m.values["path"])))
	}
	if host := firstOf(get("host"), []byte(b.Host)); len(d.Host) == 0 && len(host) > 0 {
		d.Host = c.arena.host(host)
	}
	ns, digits, ok := c.clock.named(get("time"))
	if !ok {
		ns, digits, ok = epoch(get("time:epoch"))
	}
	if !ok && b.ModTime && modified != 0 {
		ns, digits, ok = modified, 9, true
	}
	if ok {
		d.TimeNS, d.TimeDigits = ns, digits
	}
	return true
}

func firstOf(a, b []byte) []byte {
	if len(a) > 0 {
		return a
	}
	return b
}

// address is the rule's URL with the values of the name.
func (b BodyName) address(values map[string]string) []byte {
	parts, err := b.parts(b.URL)
	if err != nil {
		return nil
	}
	var out []byte
	for _, p := range parts {
		switch {
		case p.field == "path":
			out = append(out, strings.TrimPrefix(unescapedPath(values["path"]), "/")...)
		case p.field != "":
			out = append(out, values[p.field]...)
		default:
			out = append(out, p.text...)
		}
	}
	return out
}

// unescapedPath is a path whose slashes a name could not hold.
func unescapedPath(value string) string {
	if plain, err := url.PathUnescape(value); err == nil && utf8.ValidString(plain) && !strings.ContainsRune(plain, 0) {
		value = plain
	}
	if !strings.HasPrefix(value, "/") {
		value = "/" + value
	}
	return value
}
