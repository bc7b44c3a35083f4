package classify

import (
	"bytes"

	"github.com/errscope/errscope/record/jsonscan"
)

// isStream tells server-sent events (HTML standard, section 9.2) by the field
// that they begin with.
func isStream(b []byte) bool {
	for _, field := range [...]string{"data:", "event:", "id:", "retry:", ": ", ":\n"} {
		if len(b) >= len(field) && string(b[:len(field)]) == field {
			return true
		}
	}
	return false
}

// readStream takes the first event that tells of a failure: one that is named
// so, or whose data has an error. Under a failing status any event will do. It
// is false where there is no event.
func (l *Labeler) readStream(b []byte) bool {
	var event, data, firstData []byte
	joined := false
	for len(b) > 0 {
		line, rest, _ := bytes.Cut(b, []byte("\n"))
		b = rest
		line = bytes.TrimRight(line, "\r")
		field, value, _ := bytes.Cut(line, []byte(":"))
		switch string(field) {
		case "event":
			event = bytes.TrimSpace(value)
		case "data":
			data, joined = joinData(data, trimStart(value), joined)
		}
		if len(line) > 0 && len(b) > 0 {
			continue
		}
		if failedEvent(event, data) {
			l.facts.streamFailed = true
			l.readEvent(event, data)
			return true
		}
		if firstData == nil {
			firstData = data
		}
		event, data, joined = nil, nil, false
	}
	if len(firstData) > 0 {
		l.readEvent(nil, firstData)
	}
	return len(firstData) > 0
}

// joinData adds a line to an event's data. The first line is a view; owned says
// that data is a copy, to which may be added.
func joinData(data, line []byte, owned bool) ([]byte, bool) {
	if data == nil {
		return line, false
	}
	if !owned {
		data = append(make([]byte, 0, len(data)+1+len(line)), data...)
	}
	return append(append(data, '\n'), line...), true
}

// failedEvent reports whether an event tells of a failure.
func failedEvent(event, data []byte) bool {
	if hasFold(event, "error") || bytes.HasSuffix(event, []byte(".error")) || bytes.HasSuffix(event, []byte(".failed")) {
		return true
	}
	if len(data) == 0 || data[0] != '{' || !bytes.Contains(data, []byte("error")) {
		return false
	}
	c := jsonscan.NewCursor(data)
	for {
		key, kind, ok := c.Next()
		if !ok {
			return false
		}
		switch string(key) {
		case "error":
			return kind == jsonscan.ObjectKind || kind == jsonscan.String
		case "type":
			if v := c.Value(); string(v) == `"error"` {
				return true
			}
		}
	}
}

func (l *Labeler) readEvent(event, data []byte) {
	if n := l.e.set.slots.event; n >= 0 && len(event) > 0 {
		l.fill(n, event, kindPlain)
	}
	if len(data) > 0 && data[0] == '{' {
		l.scan(data, l.e.set.slots.root)
		return
	}
	l.facts.message = plainMessage(data)
}

// isLines tells JSON Lines: a first line that is an object, and an object in the
// second.
func isLines(b []byte) bool {
	if len(b) == 0 || b[0] != '{' {
		return false
	}
	i := bytes.IndexByte(b[:min(len(b), SuccessBodyBytesMax)], '\n')
	if i < 2 || i+1 >= len(b) || b[i+1] != '{' {
		return false
	}
	return bytes.HasSuffix(bytes.TrimRight(b[:i], "\r"), []byte("}"))
}

// failedLine is the first line that tells of a failure: one that begins with an
// error or calls itself one, or nil. A member named error further back may be a
// job's or a log's own.
func (l *Labeler) failedLine(b []byte) []byte {
	for rest := b; len(rest) > 0; {
		line, next, _ := bytes.Cut(rest, []byte("\n"))
		rest = next
		if !bytes.Contains(line, []byte("rror")) && !bytes.Contains(line, []byte("ERROR")) {
			continue
		}
		c := jsonscan.NewCursor(line)
		key, kind, ok := c.Next()
		switch {
		case !ok:
		case string(key) == "error" && (kind == jsonscan.ObjectKind || kind == jsonscan.String),
			string(key) == "type" && bytes.EqualFold(c.Value(), []byte(`"error"`)):
			l.facts.streamFailed = true
			return line
		}
	}
	return nil
}
