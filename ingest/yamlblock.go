package ingest

import "bytes"

// Limits of a part of a YAML document.
const (
	yamlDepthMax       = 32      // collections inside collections
	yamlAliasBytesMax  = 4 << 20 // read again for the aliases of one part
	yamlAliasCost      = 256     // what an alias counts for at least, in bytes
	yamlAnchorBytesMax = 1 << 20 // remembered of all anchored nodes of a document
)

// yamlReader walks over a part of a YAML document, such as one interaction of a
// cassette, and tells every scalar together with the keys that lead to it. It
// reads what the recorders' libraries write, block and flow style, all kinds of
// scalars, anchors and tags, and builds no tree: a general library takes a
// hundred times as long and thirty times the memory, and does not know an
// anchor that an earlier part defined.
type yamlReader struct {
	b         []byte
	at        int
	lineStart int // index at which the line of at begins
	path      [][]byte
	depth     int
	again     int // bytes read for aliases
	fault     yamlFault
	arena     *arena
	leaf      func(path [][]byte, text []byte, binary bool)

	anchors     map[string]yamlAnchor // of the document
	anchorBytes int
}

// yamlAnchor is a node that may come again.
type yamlAnchor struct {
	text        []byte
	col, parent int
}

type yamlFault uint8

const (
	yamlSound  yamlFault = iota
	yamlCut              // a quoted text or a flow collection does not end
	yamlBroken           // what stands there is none of this
)

// read walks over the node that begins at index at of b.
func (y *yamlReader) read(b []byte, at int) yamlFault {
	y.b, y.at, y.path, y.depth, y.again, y.fault = b, at, y.path[:0], 0, 0, yamlSound
	y.lineStart = bytes.LastIndexByte(b[:at], '\n') + 1
	y.skipBlanks()
	if y.atEnd() {
		if y.nextLine() < 0 {
			return yamlSound
		}
	}
	y.block(y.column())
	if y.fault == yamlSound && (y.lineStart < y.at && y.fresh() || y.nextLine() >= 0) {
		y.broken() // something is left that belongs to nothing
	}
	return y.fault
}

func (y *yamlReader) column() int { return y.at - y.lineStart }

func (y *yamlReader) broken() {
	if y.fault == yamlSound {
		y.fault = yamlBroken
	}
}

func (y *yamlReader) skipBlanks() {
	for y.at < len(y.b) && (y.b[y.at] == ' ' || y.b[y.at] == '\t') {
		y.at++
	}
}

// atEnd reports whether the line has nothing more, a comment apart.
func (y *yamlReader) atEnd() bool {
	if y.at >= len(y.b) {
		return true
	}
	switch y.b[y.at] {
	case '\n', '\r':
		return true
	case '#':
		return y.at == 0 || y.b[y.at-1] == ' ' || y.b[y.at-1] == '\t' || y.b[y.at-1] == '\n'
	}
	return false
}

// nextLine goes to the first byte of the next line that has any, and returns
// its column, -1 at the end.
func (y *yamlReader) nextLine() int {
	y.skipBlanks()
	if !y.atEnd() {
		y.broken()
		return -1
	}
	for {
		i := bytes.IndexByte(y.b[y.at:], '\n')
		if i < 0 {
			y.at = len(y.b)
			return -1
		}
		y.at += i + 1
		y.lineStart = y.at
		for y.at < len(y.b) && y.b[y.at] == ' ' {
			y.at++
		}
		if !y.atEnd() {
			return y.column()
		}
	}
}

// isItem reports whether an item of a list begins here.
func (y *yamlReader) isItem() bool { return y.indicator('-') }

// indicator reports whether c stands here, alone.
func (y *yamlReader) indicator(c byte) bool {
	if y.at >= len(y.b) || y.b[y.at] != c {
		return false
	}
	return y.at+1 == len(y.b) || bytes.IndexByte([]byte(" \t\r\n"), y.b[y.at+1]) >= 0
}

// block reads the node that begins here, at the first byte of its line or
// behind the sign of a list item.
func (y *yamlReader) block(col int) {
	if y.depth++; y.depth > yamlDepthMax {
		y.broken()
		return
	}
	defer func() { y.depth-- }()
	switch {
	case y.isItem():
		y.sequence(col)
	case y.indicator('?') || y.keyEnd() >= 0:
		y.mapping(col)
	default:
		y.value(col-1, false)
	}
}

func (y *yamlReader) sequence(col int) {
	for y.fault == yamlSound {
		y.at++
		y.skipBlanks()
		switch {
		case y.at < len(y.b) && !y.atEnd() && (y.isItem() || y.keyEnd() >= 0):
			y.block(y.column())
		default:
			y.value(col, false)
		}
		if !y.goTo(col) || !y.isItem() {
			return
		}
	}
}

// goTo moves to the next line; true where it begins in the column. Where it
// does not, y stands at its beginning all the same.
func (y *yamlReader) goTo(col int) bool {
	if y.fault != yamlSound {
		return false
	}
	if y.at > y.lineStart && y.fresh() {
		return y.column() == col
	}
	return y.nextLine() == col
}

// fresh reports whether nothing of the line has been read: an inner collection
// has gone to it and found that it is not its own.
func (y *yamlReader) fresh() bool {
	if y.lineStart < 0 {
		return false // the first line of an anchored node
	}
	for _, c := range y.b[y.lineStart:y.at] {
		if c != ' ' {
			return false
		}
	}
	return !y.atEnd()
}

func (y *yamlReader) mapping(col int) {
	for y.fault == yamlSound {
		key, ok := y.key(col)
		if !ok {
			y.broken()
			return
		}
		merged := string(key) == "<<"
		if !merged {
			y.path = append(y.path, key)
		}
		y.value(col, true)
		if !merged {
			y.path = y.path[:len(y.path)-1]
		}
		if !y.goTo(col) || y.isItem() {
			return
		}
	}
}

// key reads a key and its colon.
func (y *yamlReader) key(col int) ([]byte, bool) {
	if y.indicator('?') {
		return y.explicitKey(col)
	}
	end := y.keyEnd()
	if end < 0 {
		return nil, false
	}
	key := y.b[y.at:end]
	if c := key[0]; c == '"' || c == '\'' {
		key, _ = y.quoted()
	}
	y.at = end
	y.skipBlanks()
	y.at++ // the colon
	return bytes.TrimRight(key, " \t"), true
}

// explicitKey reads "? key", which libraries write where a key is long, and the
// colon on the next line.
func (y *yamlReader) explicitKey(col int) ([]byte, bool) {
	var key []byte
	leaf, path := y.leaf, y.path
	y.path = nil
	y.leaf = func(_ [][]byte, text []byte, _ bool) { key = text }
	y.at++
	y.value(col, false)
	y.leaf, y.path = leaf, path
	if !y.goTo(col) || !y.indicator(':') {
		return nil, false
	}
	y.at++
	return key, true
}

// keyEnd is the index behind the key that begins here, -1 where none does.
func (y *yamlReader) keyEnd() int {
	line := y.b[y.at:]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	line = bytes.TrimRight(line, "\r")
	if len(line) == 0 {
		return -1
	}
	end := -1
	switch line[0] {
	case '"':
		end = closingQuote(line) + 1
	case '\'':
		end = closingSingle(line) + 1
	case '[', '{', '|', '>', '&', '!', '*', '#', '%', '@', '`':
		return -1
	default:
		for i := 0; i < len(line); i++ {
			n := bytes.IndexByte(line[i:], ':')
			if n < 0 {
				return -1
			}
			if i += n; i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\t' {
				if bytes.Contains(line[:i], []byte(" #")) || i == 0 {
					return -1
				}
				return y.at + i
			}
		}
		return -1
	}
	if end <= 0 {
		return -1
	}
	rest := bytes.TrimLeft(line[end:], " ")
	if len(rest) == 0 || rest[0] != ':' || len(rest) > 1 && rest[1] != ' ' && rest[1] != '\t' {
		return -1
	}
	return y.at + end
}

// value reads what follows a key or the sign of an item. parent is the column
// of these; in a mapping a list may begin in that column too.
func (y *yamlReader) value(parent int, inMapping bool) {
	y.skipBlanks()
	binary, anchor := y.properties()
	start, col := y.at, y.column()
	switch {
	case y.atEnd():
		next := y.nextLine()
		if next > parent || inMapping && next == parent && y.isItem() {
			y.block(next)
		}
	default:
		y.inline(parent, binary)
	}
	if len(anchor) > 0 && y.fault == yamlSound {
		y.remember(anchor, y.b[start:min(y.at, len(y.b))], col, parent)
	}
}

// properties reads tags and an anchor.
func (y *yamlReader) properties() (binary bool, anchor []byte) {
	for y.at < len(y.b) && (y.b[y.at] == '!' || y.b[y.at] == '&') {
		end := y.at
		for end < len(y.b) && bytes.IndexByte([]byte(" \t\r\n"), y.b[end]) < 0 {
			end++
		}
		word := y.b[y.at:end]
		if word[0] == '&' {
			anchor = word[1:]
		} else {
			binary = binary || bytes.HasSuffix(word, []byte("!binary")) || bytes.HasSuffix(word, []byte(":binary"))
		}
		y.at = end
		y.skipBlanks()
	}
	return binary, anchor
}

// inline reads a node that begins on the line of its key.
func (y *yamlReader) inline(parent int, binary bool) {
	switch c := y.b[y.at]; c {
	case '|', '>':
		y.tell(y.blockScalar(parent), binary)
	case '"', '\'':
		text, ok := y.quoted()
		if !ok {
			y.fault = yamlCut
			return
		}
		y.tell(text, binary)
	case '[', '{':
		y.flow()
	case '*':
		end := y.at + 1
		for end < len(y.b) && bytes.IndexByte([]byte(" \t\r\n,]}"), y.b[end]) < 0 {
			end++
		}
		name := y.b[y.at+1 : end]
		y.at = end
		y.alias(name)
	default:
		if text := y.plain(parent); !isYAMLNull(text) {
			y.tell(text, binary)
		}
	}
}

func (y *yamlReader) tell(text []byte, binary bool) {
	if y.fault == yamlSound {
		y.leaf(y.path, text, binary)
	}
}

func isYAMLNull(b []byte) bool {
	switch string(b) {
	case "", "~", "null", "Null", "NULL":
		return true
	}
	return false
}

// remember keeps an anchored node, as text, for the aliases to come, also those
// in later parts of the document.
func (y *yamlReader) remember(name, text []byte, col, parent int) {
	if y.anchorBytes+len(text)+len(name) > yamlAnchorBytesMax {
		return
	}
	if y.anchors == nil {
		y.anchors = map[string]yamlAnchor{}
	}
	y.anchorBytes += len(text) + len(name)
	y.anchors[string(name)] = yamlAnchor{bytes.Clone(text), col, parent}
}

// alias reads an anchored node once more, in the place of an alias.
func (y *yamlReader) alias(name []byte) {
	a, ok := y.anchors[string(name)]
	y.again += yamlAliasCost + len(a.text)
	if !ok || y.again > yamlAliasBytesMax || y.depth >= yamlDepthMax {
		y.broken()
		return
	}
	b, at, lineStart := y.b, y.at, y.lineStart
	y.b, y.at, y.lineStart = a.text, 0, -a.col
	y.depth++
	y.value(a.parent, true)
	y.depth--
	y.b, y.at, y.lineStart = b, at, lineStart
}
