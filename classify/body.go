package classify

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"io"
	"unicode/utf16"
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
	// searchBytesMax is the longest body that is searched for a code and a
	// message where no envelope fits: an error's own document is short.
	searchBytesMax = 4 << 10
)

// readBody gathers the members of a body that any pack names, or the text of a
// page. What the body is is told from its bytes, because content types lie.
func (l *Labeler) readBody(r *record.Record, success bool) {
	b := l.plainBytes(r.Body)
	limitBytes := BodyBytesMax
	if success && !isStream(b) && !isLines(b) {
		limitBytes = SuccessBodyBytesMax
	}
	if len(b) > limitBytes {
		b = b[:limitBytes]
	}
	if len(b) == 0 {
		return
	}
	if b[0] == '"' {
		if inner := trimStart(l.unquote(b)); len(inner) > 0 && (inner[0] == '{' || inner[0] == '[') {
			b = inner // a document that was written into a text
		}
	}
	switch {
	case b[0] == '{':
		if success && isLines(b) {
			if b = l.failedLine(b); b == nil {
				return
			}
		}
		l.facts.document = b
		l.scan(b, l.e.set.slots.root)
	case b[0] == '[':
		l.facts.document = b
		l.take(l.e.set.slots.root, b, jsonscan.ArrayKind)
	case b[0] == '<':
		l.readMarkup(b, success)
	case isStream(b) && l.readStream(b):
	case isForm(b):
		l.readForm(b)
	case success:
	case b[0] == '"':
		l.facts.message = plainMessage(l.unquote(b))
	default:
		l.facts.message = plainMessage(b)
	}
}

// readMarkup tells pages from documents in XML.
func (l *Labeler) readMarkup(b []byte, success bool) {
	if isPage(b) {
		if !success {
			l.facts.message = l.pageText(b)
		}
		return
	}
	if fault := bytes.Index(b[:min(len(b), searchBytesMax)], []byte("<fault>")); fault >= 0 && bytes.Contains(b[:fault], []byte("<methodResponse")) {
		l.readXMLRPC(b[fault:])
		return
	}
	l.facts.document = b
	l.readXML(b)
}

// plainBytes is the body as text: decompressed, in UTF-8, without a byte order
// mark and without the prefixes that keep browsers from running JSON.
func (l *Labeler) plainBytes(b []byte) []byte {
	if len(b) > 2 && (b[0] == 0x1f && b[1] == 0x8b || b[0] == 0x78 && (b[1] == 0x01 || b[1] == 0x9c || b[1] == 0xda)) {
		b = l.inflate(b)
	}
	if order := orderOfUTF16(b); order != nil {
		b = fromUTF16(b, order)
	}
	b = trimStart(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")))
	for _, prefix := range [...]string{")]}'", "while(1);", "for(;;);"} {
		if len(b) > len(prefix) && string(b[:len(prefix)]) == prefix {
			return trimStart(bytes.TrimLeft(b[len(prefix):], ","))
		}
	}
	return unwrapped(b)
}

// unwrapped is the document in a call of a function, as JSONP has it.
func unwrapped(b []byte) []byte {
	const nameBytesMax = 64
	i := 0
	for i < len(b) && i < nameBytesMax && (isAlnum(b[i]) || b[i] == '_' || b[i] == '.' || b[i] == '$') {
		i++
	}
	if i > 0 && i+1 < len(b) && b[i] == '(' && (b[i+1] == '{' || b[i+1] == '[') {
		return b[i+1:]
	}
	return b
}

// orderOfUTF16 tells text in UTF-16 by its byte order mark, or, where it begins
// with two ASCII characters, by their other bytes, which are NUL. It is nil for
// any other text.
func orderOfUTF16(b []byte) binary.ByteOrder {
	switch {
	case len(b) < 4:
	case b[0] == 0xff && b[1] == 0xfe, b[0] != 0 && b[1] == 0 && b[2] != 0 && b[3] == 0:
		return binary.LittleEndian
	case b[0] == 0xfe && b[1] == 0xff, b[0] == 0 && b[1] != 0 && b[2] == 0 && b[3] != 0:
		return binary.BigEndian
	}
	return nil
}

// fromUTF16 reads at most BodyBytesMax bytes of text in UTF-16; a byte order
// mark becomes that of UTF-8.
func fromUTF16(b []byte, order binary.ByteOrder) []byte {
	b = b[:min(len(b), BodyBytesMax)]
	out := make([]byte, 0, len(b)/2+utf8.UTFMax)
	for ; len(b) >= 2; b = b[2:] {
		r := rune(order.Uint16(b))
		if utf16.IsSurrogate(r) && len(b) >= 4 {
			if pair := utf16.DecodeRune(r, rune(order.Uint16(b[2:]))); pair != utf8.RuneError {
				r, b = pair, b[2:]
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// inflate decompresses at most BodyBytesMax bytes of gzip or zlib; what comes
// before a fault counts.
func (l *Labeler) inflate(b []byte) []byte {
	var from io.Reader
	if b[0] == 0x1f {
		if l.zip == nil {
			l.zip = new(gzip.Reader)
		}
		if l.zip.Reset(bytes.NewReader(b)) != nil {
			return nil
		}
		from = l.zip
	} else {
		z, err := zlib.NewReader(bytes.NewReader(b))
		if err != nil {
			return b // text may begin with an x too
		}
		from = z
	}
	if l.inflated == nil {
		l.inflated = make([]byte, BodyBytesMax)
	}
	n := 0
	for n < len(l.inflated) {
		k, err := from.Read(l.inflated[n:])
		n += k
		if err != nil {
			break
		}
	}
	return l.inflated[:n]
}

// openEnvelope finds the shape of the response, among those of p first, and
// takes from it what it holds.
func (l *Labeler) openEnvelope(p *Pack) {
	f := &l.facts
	f.leading = leadingWord{}
	if len(l.bodySet) == 0 {
		l.searchDocument()
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
		l.searchDocument()
		return
	}
	f.typ, f.bodyStatus = nil, 0
	f.code = l.codeOf(e)
	if t := l.firstText(e.typ); len(t) <= codeBytesMax && string(t) != "true" && string(t) != "false" {
		f.typ = t
	}
	if m := l.firstText(e.message); len(m) > 0 {
		f.message = cut(m, MessageBytesMax)
	} else if len(f.code) == 0 && len(f.typ) == 0 {
		l.searchDocument()
	}
	f.hint = l.firstText(e.hint)
	if n := parseCount(l.firstText(e.status)); n >= 100 && n < 600 {
		f.bodyStatus = int(n)
	}
}

// searchDocument looks in a failure's body whose members nobody knows for what
// is spelled as codes are and for a sentence, as a person would.
func (l *Labeler) searchDocument() {
	f := &l.facts
	if l.wire < 400 || len(f.document) == 0 || len(f.document) > searchBytesMax {
		return
	}
	s := shapeOfLeaves(leavesOf(f.document), l.wire)
	f.code, f.typ = []byte(s.code.value), []byte(s.typ.value)
	f.message = cut([]byte(s.message.value), MessageBytesMax)
}

// codeOf is the envelope's code. Some repeat the status where the code stands:
// then a later place counts, if it has one.
func (l *Labeler) codeOf(e *envelope) []byte {
	var repeated []byte
	for _, s := range e.code {
		if l.body[s].kind == jsonscan.Bool {
			continue // {"error": true} has a flag where others have a code
		}
		t := e.codeIn(l.scalar(s))
		if !isCode(t) {
			continue
		}
		if parseCount(t) != int64(l.wire) {
			return t
		}
		if repeated == nil {
			repeated = t
		}
	}
	return repeated
}

// codeIn cuts from a value the part that is the code.
func (e *envelope) codeIn(v []byte) []byte {
	if e.codeAfter != "" {
		if i := bytes.LastIndex(v, []byte(e.codeAfter)); i >= 0 {
			v = v[i+len(e.codeAfter):]
		}
	}
	if e.codeBefore != "" {
		if i := bytes.Index(v, []byte(e.codeBefore)); i >= 0 {
			v = v[:i]
		}
	}
	return v
}

// envelopeOf is the first of the pack's envelopes that fits.
func (l *Labeler) envelopeOf(p *Pack) *envelope {
	first := int32(len(p.envelopes))
	for _, slot := range l.bodySet {
		if slot >= len(p.bySlot) {
			continue
		}
		for _, i := range p.bySlot[slot] {
			if i >= first {
				break
			}
			if e := p.envelopes[i]; l.has(e.requires) && (len(e.on) == 0 || inRanges(e.on, l.wire)) {
				first = i
				break
			}
		}
	}
	if int(first) == len(p.envelopes) {
		return nil
	}
	return p.envelopes[first]
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
