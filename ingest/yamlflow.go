package ingest

import "bytes"

// flow reads a list or mapping in brackets.
func (y *yamlReader) flow() {
	if y.depth++; y.depth > yamlDepthMax {
		y.broken()
		return
	}
	defer func() { y.depth-- }()
	closing := byte(']')
	if y.b[y.at] == '{' {
		closing = '}'
	}
	y.at++
	for y.flowSpace() {
		start := y.at
		switch c := y.b[y.at]; {
		case c == closing:
			y.at++
			return
		case c == ',':
			y.at++
		case closing == '}':
			y.flowMember()
		default:
			y.flowValue()
		}
		if y.at == start { // a bracket that closes what was not opened
			y.broken()
		}
		if y.fault != yamlSound {
			return
		}
	}
	y.fault = yamlCut
}

// flowSpace goes to the next byte that is no space; false at the end.
func (y *yamlReader) flowSpace() bool {
	for y.at < len(y.b) && bytes.IndexByte([]byte(" \t\r\n"), y.b[y.at]) >= 0 {
		y.at++
	}
	return y.at < len(y.b)
}

func (y *yamlReader) flowMember() {
	key, ok := y.flowScalar()
	if !ok {
		return
	}
	if !y.flowSpace() || y.b[y.at] != ':' {
		return // a key without a value
	}
	y.at++
	y.path = append(y.path, key)
	if y.flowSpace() && y.b[y.at] != ',' && y.b[y.at] != '}' {
		y.flowValue()
	}
	y.path = y.path[:len(y.path)-1]
}

func (y *yamlReader) flowValue() {
	binary, _ := y.properties()
	if !y.flowSpace() {
		return
	}
	switch c := y.b[y.at]; c {
	case '[', '{':
		y.flow()
	case '*':
		y.inline(0, false)
	case ',', ']', '}':
	default:
		text, ok := y.flowScalar()
		if ok && (c == '"' || c == '\'' || !isYAMLNull(text)) {
			y.tell(text, binary)
		}
	}
}

func (y *yamlReader) flowScalar() ([]byte, bool) {
	if c := y.b[y.at]; c == '"' || c == '\'' {
		text, ok := y.quoted()
		if !ok {
			y.fault = yamlCut
		}
		return text, ok
	}
	start := y.at
	for ; y.at < len(y.b); y.at++ {
		c := y.b[y.at]
		if c == ',' || c == ']' || c == '}' || c == '[' || c == '{' {
			break
		}
		if c == ':' && (y.at+1 == len(y.b) || bytes.IndexByte([]byte(" \t\r\n,]}"), y.b[y.at+1]) >= 0) {
			break
		}
	}
	text := bytes.TrimSpace(y.b[start:y.at])
	if y.at == start {
		y.broken()
		return nil, false
	}
	if bytes.IndexByte(text, '\n') >= 0 {
		text = bytes.Join(bytes.Fields(text), []byte{' '})
	}
	return text, true
}
