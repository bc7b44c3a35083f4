package classify

import (
	"bytes"
	"html"
	"unicode/utf8"
)

// xmlDepthMax bounds how deep elements are followed; deeper ones are passed by.
const xmlDepthMax = 32

// isPage tells an HTML page from a document in XML by its first element.
func isPage(b []byte) bool {
	b = b[:min(len(b), 1024)]
	for len(b) > 0 && b[0] == '<' {
		switch {
		case hasFold(b, "<!doctype html"), hasFold(b, "<html"), hasFold(b, "<head"), hasFold(b, "<body"), hasFold(b, "<title"),
			hasFold(b, "<h1"), hasFold(b, "<p>"), hasFold(b, "<div"), hasFold(b, "<center"):
			return true
		case hasFold(b, "<!--"), hasFold(b, "<?"), hasFold(b, "<!"):
			closing := ">"
			if hasFold(b, "<!--") {
				closing = "-->"
			}
			i := bytes.Index(b, []byte(closing))
			if i < 0 {
				return false
			}
			b = trimStart(b[i+len(closing):])
		default:
			return false
		}
	}
	return false
}

func hasFold(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && bytes.EqualFold(b[:len(prefix)], []byte(prefix))
}

// pageText is what an HTML page says: its title, else its first heading. A title
// that is the word error alone leaves the rest to preformatted text or a heading.
func (l *Labeler) pageText(b []byte) []byte {
	title := l.elementText(b, "<title")
	if bare := bytes.EqualFold(title, []byte("error")); len(title) == 0 || bare {
		heading := l.elementText(b, "<h1")
		if pre := l.elementText(b, "<pre"); bare && len(pre) > 0 {
			heading = pre
		}
		if len(heading) > 0 {
			return heading
		}
	}
	return title
}

// elementText is the text at the head of the first element that opens so.
func (l *Labeler) elementText(b []byte, open string) []byte {
	for i := 0; i+len(open) < len(b); i++ {
		k := bytes.IndexByte(b[i:], '<')
		if k < 0 {
			return nil
		}
		i += k
		if !hasFold(b[i:], open) || i+len(open) >= len(b) || isAlnum(b[i+len(open)]) {
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
		return plainMessage(characters(rest))
	}
	return nil
}

// characters resolves the character references of markup.
func characters(b []byte) []byte {
	if bytes.IndexByte(b, '&') < 0 {
		return b
	}
	return []byte(html.UnescapeString(string(cut(b, MessageBytesMax))))
}

// readXML stores the elements and attributes that are on a path: names without
// their prefixes, the first of equal ones. What comes before a fault counts.
func (l *Labeler) readXML(b []byte) {
	var stack [xmlDepthMax]*member
	depth, skipped := 0, 0
	at := l.e.set.slots.root
	for {
		i := bytes.IndexByte(b, '<')
		if i < 0 {
			return
		}
		if b = b[i:]; len(b) < 2 {
			return
		}
		switch b[1] {
		case '?', '!':
			b = pastDeclaration(b)
			continue
		case '/':
			b = pastTag(b)
			switch {
			case skipped > 0:
				skipped--
			case depth > 0:
				depth--
				at = stack[depth]
			}
			continue
		}
		tag := b[:len(b)-len(pastTag(b))]
		b = b[len(tag):]
		closed := bytes.HasSuffix(tag, []byte("/>"))
		var next *member
		if skipped == 0 && at != nil {
			next = at.children[string(elementName(tag))]
		}
		switch {
		case next == nil && !closed:
			skipped++
		case next == nil:
		case closed || depth == len(stack):
			l.element(next, tag, nil)
			if !closed {
				skipped++
			}
		default:
			l.element(next, tag, b)
			stack[depth] = at
			depth++
			at = next
		}
	}
}

// element stores an element's own text and its attributes.
func (l *Labeler) element(m *member, tag, content []byte) {
	if m.slot >= 0 {
		l.fill(m.slot, textContent(content), kindPlain)
	}
	for name, child := range m.children {
		if name[0] == '@' && child.slot >= 0 {
			if v := attribute(tag, name[1:]); len(v) > 0 {
				l.fill(child.slot, characters(v), kindPlain)
			}
		}
	}
}

// textContent is the text that content begins with, up to the next tag.
func textContent(content []byte) []byte {
	const open, end = "<![CDATA[", "]]>"
	content = trimStart(content)
	if bytes.HasPrefix(content, []byte(open)) {
		content = content[len(open):]
		if i := bytes.Index(content, []byte(end)); i >= 0 {
			content = content[:i]
		}
		return bytes.TrimSpace(cut(content, MessageBytesMax))
	}
	if i := bytes.IndexByte(content, '<'); i >= 0 {
		content = content[:i]
	}
	return bytes.TrimSpace(characters(cut(content, MessageBytesMax)))
}

// pastTag is what follows the tag that b begins with; > in quotes does not end it.
func pastTag(b []byte) []byte {
	var quote byte
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return b[i+1:]
		}
	}
	return nil
}

// pastDeclaration is what follows a comment, CDATA section or declaration.
func pastDeclaration(b []byte) []byte {
	closing := ">"
	switch {
	case bytes.HasPrefix(b, []byte("<!--")):
		closing = "-->"
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		closing = "]]>"
	case b[1] == '?':
		closing = "?>"
	}
	i := bytes.Index(b, []byte(closing))
	if i < 0 {
		return nil
	}
	return b[i+len(closing):]
}

// elementName is the name in a start tag, without its prefix.
func elementName(tag []byte) []byte {
	name := tag[1:]
	for i, c := range name {
		if c <= ' ' || c == '>' || c == '/' {
			name = name[:i]
			break
		}
	}
	return name[bytes.LastIndexByte(name, ':')+1:]
}

// attribute is the value of a start tag's attribute, whatever its prefix.
func attribute(tag []byte, name string) []byte {
	for i := 0; ; {
		k := bytes.Index(tag[i:], []byte(name))
		if k < 0 {
			return nil
		}
		i += k + len(name)
		before, rest := tag[i-len(name)-1], trimStart(tag[i:])
		if before > ' ' && before != ':' || len(rest) < 2 || rest[0] != '=' {
			continue
		}
		rest = trimStart(rest[1:])
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil
		}
		return rest[1 : 1+end]
	}
}

// isForm tells a body of names and values (application/x-www-form-urlencoded)
// by its bytes: no space, and a name before the first equals sign.
func isForm(b []byte) bool {
	b = bytes.TrimRight(b, "\r\n")
	i := bytes.IndexByte(b, '=')
	if i <= 0 || len(b) > MessageBytesMax {
		return false
	}
	for _, c := range b[:i] {
		if !isAlnum(c) && c != '_' && c != '-' && c != '.' {
			return false
		}
	}
	for _, c := range b[i:] {
		if c <= ' ' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (l *Labeler) readForm(b []byte) {
	for b = bytes.TrimRight(b, "\r\n"); len(b) > 0; {
		pair, rest, _ := bytes.Cut(b, []byte("&"))
		name, value, _ := bytes.Cut(pair, []byte("="))
		if m := l.e.set.slots.root.children[string(name)]; m != nil && m.slot >= 0 {
			l.fill(m.slot, l.unescape(value, true), kindPlain)
		}
		b = rest
	}
}
