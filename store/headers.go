package store

import (
	"bytes"
	"unicode/utf8"

	"github.com/errscope/errscope/record"
)

// headerText writes header fields as one JSON object. Fields of one name are
// joined with ", " as RFC 9110 section 5.2 has it, in the place of the first.
// The memory is used again by the next call.
type headerText struct {
	out  []byte
	name []byte
	at   map[string]int // lower-case name → place in list
	list []joined
}

// joined is one name with the fields that carry it.
type joined struct {
	name   []byte
	values [][]byte
}

// write gives the JSON text, empty for no fields.
func (h *headerText) write(fields []record.Header) []byte {
	if len(fields) == 0 {
		return nil
	}
	if h.at == nil {
		h.at = map[string]int{}
	}
	clear(h.at)
	h.list = h.list[:0]
	for _, f := range fields {
		h.name = appendLower(h.name[:0], f.Name)
		i, known := h.at[string(h.name)]
		if !known {
			i = len(h.list)
			h.at[string(h.name)] = i
			h.list = grow(h.list)
			h.list[i].name = f.Name
		}
		h.list[i].values = append(h.list[i].values, f.Value)
	}
	h.out = append(h.out[:0], '{')
	for i, j := range h.list {
		if i > 0 {
			h.out = append(h.out, ',')
		}
		h.out = append(h.out, '"')
		h.out = appendEscaped(h.out, j.name)
		h.out = append(h.out, `":"`...)
		for k, value := range j.values {
			if k > 0 {
				h.out = append(h.out, ", "...)
			}
			h.out = appendEscaped(h.out, value)
		}
		h.out = append(h.out, '"')
	}
	h.out = append(h.out, '}')
	return h.out
}

// grow adds an element, with the memory of the one that stood there before.
func grow(list []joined) []joined {
	if len(list) < cap(list) {
		list = list[:len(list)+1]
		list[len(list)-1].values = list[len(list)-1].values[:0]
		return list
	}
	return append(list, joined{})
}

func appendLower(dst, name []byte) []byte {
	for _, c := range name {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		dst = append(dst, c)
	}
	return dst
}

// appendEscaped writes the inside of a JSON string. What is no UTF-8 becomes
// U+FFFD, so that the object is always valid.
func appendEscaped(dst, text []byte) []byte {
	const digits = "0123456789abcdef"
	if !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
