package classify

import (
	"bytes"
	"compress/gzip"
	"unicode/utf8"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// Limits of bodies. What is longer is read up to the limit, like a body that
// the capture cut off.
const (
	// BodyBytesMax is how much of a body is looked at, decompressed.
	BodyBytesMax = 1 << 20
	// SuccessBodyBytesMax is how much of a body under a success status is
	// looked at: a failure that hides there is short.
	SuccessBodyBytesMax = 64 << 10
	// MessageBytesMax is the longest message on a label.
	MessageBytesMax = 8 << 10
	// PlainMessageBytesMax is the longest message taken from a body that is
	// plain text.
	PlainMessageBytesMax = 512
	codeBytesMax         = 128
)

// readBody gathers the members of a JSON body that any pack names, or the
// title of a page. What the body is is told from its bytes.
func (l *Labeler) readBody(r *record.Record, success bool) {
	b := r.Body
	if len(b) > 2 && b[0] == 0x1f && b[1] == 0x8b {
		b = l.inflate(b)
	}
	limitBytes := BodyBytesMax
	if success {
		limitBytes = SuccessBodyBytesMax
	}
	if len(b) > limitBytes {
		b = b[:limitBytes]
	}
	b = trimStart(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")))
	if len(b) == 0 {
		return
	}
	switch b[0] {
	case '{':
		l.facts.json = true
		l.scan(b, l.e.set.slots.root)
	case '[':
		l.facts.json = true
		l.take(l.e.set.slots.root, b, jsonscan.ArrayKind)
	case '<':
		if !success {
			l.facts.message = pageTitle(b)
		}
	default:
		if !success {
			l.facts.message = plainMessage(b)
		}
	}
}

// inflate decompresses at most BodyBytesMax bytes; what comes before a fault
// counts.
func (l *Labeler) inflate(b []byte) []byte {
	if l.zip == nil {
		l.zip = new(gzip.Reader)
		l.inflated = make([]byte, BodyBytesMax)
	}
	if l.zip.Reset(bytes.NewReader(b)) != nil {
		return nil
	}
	n := 0
	for n < len(l.inflated) {
		k, err := l.zip.Read(l.inflated[n:])
		n += k
		if err != nil {
			break
		}
	}
	return l.inflated[:n]
}

// scan stores the members of an object that are on a path. A body that is cut
// off or broken gives what comes before the fault.
func (l *Labeler) scan(b []byte, at *member) {
	// The error says where reading ended, which changes nothing here.
	_, _ = jsonscan.Object(b, func(key, value []byte, kind jsonscan.Kind) bool {
		if next := at.children[string(key)]; next != nil {
			l.take(next, value, kind)
		}
		return true
	})
}

// take stores a value. Of doubled members the first counts, since a body that
// is cut off may hold only that.
func (l *Labeler) take(m *member, value []byte, kind jsonscan.Kind) {
	if m.slot >= 0 && l.body[m.slot].kind == jsonscan.Invalid && kind != jsonscan.Null {
		l.body[m.slot] = slotValue{value, kind}
		l.bodySet = append(l.bodySet, m.slot)
	}
	switch {
	case kind == jsonscan.ObjectKind && m.children != nil:
		l.scan(value, m)
	case kind == jsonscan.ArrayKind && m.first != nil:
		_, _ = jsonscan.Array(value, func(_ int, first []byte, kind jsonscan.Kind) bool {
			l.take(m.first, first, kind)
			return false
		})
	}
}

// scalar is the text of a slot that holds a string, number or boolean.
func (l *Labeler) scalar(slot int) []byte {
	if slot < 0 {
		return nil
	}
	v := l.body[slot]
	switch v.kind {
	case jsonscan.String:
		return l.unquote(v.raw)
	case jsonscan.Number, jsonscan.Bool:
		return v.raw
	}
	return nil
}

// unquote resolves escapes into scratch that lives until the next record.
func (l *Labeler) unquote(raw []byte) []byte {
	s := jsonscan.Unquote(l.unquoted, raw)
	if used := len(l.unquoted) + len(s); used <= cap(l.unquoted) {
		l.unquoted = l.unquoted[:used]
	}
	return s
}

func (l *Labeler) firstText(slots []int) []byte {
	for _, s := range slots {
		if t := l.scalar(s); len(t) > 0 {
			return t
		}
	}
	return nil
}

// openEnvelope finds the shape of the body, among those of p first, and takes
// from it what it holds.
func (l *Labeler) openEnvelope(p *Pack) {
	f := &l.facts
	if !f.json {
		return
	}
	var e *envelope
	if p != nil {
		e = l.envelopeOf(p)
	}
	if e == nil {
		e = l.envelopeOf(l.e.set.global)
	}
	f.env = e
	if e == nil {
		return
	}
	f.code, f.typ, f.bodyStatus = nil, nil, 0
	for _, s := range e.code {
		if t := l.scalar(s); isCode(t) {
			f.code = t
			break
		}
	}
	if t := l.firstText(e.typ); len(t) <= codeBytesMax {
		f.typ = t
	}
	f.message = cut(l.firstText(e.message), MessageBytesMax)
	f.hint = l.firstText(e.hint)
	if n := parseCount(l.firstText(e.status)); n >= 100 && n < 600 {
		f.bodyStatus = int(n)
	}
}

func (l *Labeler) envelopeOf(p *Pack) *envelope {
	for _, e := range p.envelopes {
		if l.has(e.requires) {
			return e
		}
	}
	return nil
}

func (l *Labeler) has(slots []int) bool {
	for _, s := range slots {
		if l.body[s].kind == jsonscan.Invalid {
			return false
		}
	}
	return true
}

// isCode tells a code from a sentence: codes have no spaces.
func isCode(b []byte) bool {
	if len(b) == 0 || len(b) > codeBytesMax {
		return false
	}
	for _, c := range b {
		if c <= ' ' {
			return false
		}
	}
	return true
}

// cut shortens b to at most limitBytes without splitting a character.
func cut(b []byte, limitBytes int) []byte {
	if len(b) <= limitBytes {
		return b
	}
	for limitBytes > 0 && !utf8.RuneStart(b[limitBytes]) {
		limitBytes--
	}
	return b[:limitBytes]
}

// pageTitle is the text of an HTML page's title, or nil.
func pageTitle(b []byte) []byte {
	const open = "<title"
	for i := 0; i+len(open) < len(b); i++ {
		if b[i] != '<' || !bytes.EqualFold(b[i:i+len(open)], []byte(open)) {
			continue
		}
		rest := b[i+len(open):]
		start := bytes.IndexByte(rest, '>')
		if start < 0 {
			return nil
		}
		rest = rest[start+1:]
		if end := bytes.IndexByte(rest, '<'); end >= 0 {
			rest = rest[:end]
		}
		return plainMessage(rest)
	}
	return nil
}

func plainMessage(b []byte) []byte {
	return bytes.TrimSpace(cut(bytes.TrimSpace(b), PlainMessageBytesMax))
}

// verbatim is a lasting copy of the vendor's text. Bytes that are no UTF-8
// become U+FFFD, because a label must be storable.
func (l *Labeler) verbatim(b []byte) string { return l.intern(repaired(b)) }

// unique is verbatim for a text that hardly comes twice, such as an id.
func (l *Labeler) unique(b []byte) string { return l.text(repaired(b)) }

func repaired(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	return bytes.ToValidUTF8(b, []byte("\uFFFD"))
}
