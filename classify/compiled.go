package classify

import (
	"cmp"
	_ "embed" // for the compiled packs
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// compiled holds the embedded packs as [packFile]s in a form that needs no
// reading of YAML, which would cost each run a tenth of a second. A test keeps
// it the same as the packs: go test ./classify -run TestCompiledPacks -update.
//
//go:embed packs.bin
var compiled string

// compiledForm begins the compiled packs; it changes with their form.
const compiledForm = "errscope packs 3\n"

// compiledPack is one pack before it is asked for: its head, and the encoded
// whole. The head has no rules, but the vocabulary has their codes.
type compiledPack struct {
	head packFile
	body string
}

// compiledSet is all of the embedded packs, with the slots that compiling all
// of them would give.
type compiledSet struct {
	packs []compiledPack
	slots *slots
}

// encodeSet writes packs and the slots of a set that was built from them.
func encodeSet(files []*packFile, s *slots) []byte {
	out := []byte(compiledForm)
	for _, table := range [2]map[string]int{s.paths, s.headers} {
		names := make([]string, 0, len(table))
		for name := range table {
			names = append(names, name)
		}
		slices.SortFunc(names, func(a, b string) int {
			return cmp.Or(cmp.Compare(table[a], table[b]), strings.Compare(a, b))
		})
		out = binary.AppendUvarint(out, uint64(len(names)))
		for _, name := range names {
			out = appendString(out, name)
		}
	}
	out = binary.AppendUvarint(out, uint64(len(files)))
	for _, pf := range files {
		out = appendValue(out, reflect.ValueOf(headOf(pf)))
		body := appendValue(nil, reflect.ValueOf(*pf))
		out = appendString(out, string(body))
	}
	return out
}

// headOf is what [compiler.head] needs of a pack.
func headOf(pf *packFile) packFile {
	h := *pf
	h.Envelopes, h.Quota, h.Limits, h.Wait, h.RequestID, h.RetryHint, h.Status = nil, nil, nil, nil, nil, nil, nil
	h.Rules = nil
	h.Vocabulary = slices.Clone(pf.Vocabulary)
	for i := range pf.Rules {
		h.Vocabulary = append(h.Vocabulary, pf.Rules[i].Match.Code...)
	}
	return h
}

func appendString(out []byte, s string) []byte {
	return append(binary.AppendUvarint(out, uint64(len(s))), s...)
}

// appendValue writes texts by their length, lists by their number, structs by
// their fields; places are left out.
func appendValue(out []byte, v reflect.Value) []byte {
	switch {
	case v.Type() == textType:
		return appendString(out, v.Field(0).String())
	case v.Kind() == reflect.Pointer:
		if v.IsNil() {
			return append(out, 0)
		}
		return appendValue(append(out, 1), v.Elem())
	case v.Kind() == reflect.Slice:
		out = binary.AppendUvarint(out, uint64(v.Len()))
		for i := range v.Len() {
			out = appendValue(out, v.Index(i))
		}
		return out
	}
	for i := range v.NumField() {
		if v.Field(i).Type() != placeType {
			out = appendValue(out, v.Field(i))
		}
	}
	return out
}

// decoder reads what appendValue wrote. Its texts are views into the input.
type decoder struct {
	rest string
	err  error
}

var errCompiled = errors.New("the compiled packs are broken")

func (d *decoder) number() int {
	n, shift := 0, 0
	for i := range len(d.rest) {
		c := d.rest[i]
		n |= int(c&0x7f) << shift
		if c < 0x80 {
			d.rest = d.rest[i+1:]
			return n
		}
		if shift += 7; shift > 28 {
			break
		}
	}
	d.rest, d.err = "", errCompiled
	return 0
}

func (d *decoder) string() string {
	n := d.number()
	if n > len(d.rest) {
		d.rest, d.err = "", errCompiled
		return ""
	}
	s := d.rest[:n]
	d.rest = d.rest[n:]
	return s
}

func (d *decoder) value(v reflect.Value) {
	switch {
	case d.err != nil:
	case v.Type() == textType:
		if s := d.string(); s != "" {
			v.Set(reflect.ValueOf(text{s: s}))
		}
	case v.Kind() == reflect.Pointer:
		if d.number() == 1 {
			p := reflect.New(v.Type().Elem())
			d.value(p.Elem())
			v.Set(p)
		}
	case v.Kind() == reflect.Slice:
		n := d.number()
		if n == 0 || n > len(d.rest) {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			d.value(v.Index(i))
		}
	default:
		for i := range v.NumField() {
			if v.Field(i).Type() != placeType {
				d.value(v.Field(i))
			}
		}
	}
}

// decodeSet reads what encodeSet wrote, without the packs' bodies.
func decodeSet(in string) (*compiledSet, error) {
	rest, ok := strings.CutPrefix(in, compiledForm)
	if !ok {
		return nil, fmt.Errorf("reading the embedded packs: %w", errCompiled)
	}
	d := decoder{rest: rest}
	set := &compiledSet{slots: newSlots()}
	for range d.number() {
		if _, err := set.slots.path(d.string()); err != nil {
			return nil, fmt.Errorf("reading the embedded packs: %w", err)
		}
	}
	for range d.number() {
		set.slots.header(d.string())
	}
	set.packs = make([]compiledPack, d.number())
	for i := range set.packs {
		d.value(reflect.ValueOf(&set.packs[i].head).Elem())
		set.packs[i].body = d.string()
	}
	if d.err != nil {
		return nil, fmt.Errorf("reading the embedded packs: %w", d.err)
	}
	return set, nil
}

// whole decodes all of the pack.
func (c *compiledPack) whole() *packFile {
	pf := &packFile{}
	d := decoder{rest: c.body}
	d.value(reflect.ValueOf(pf).Elem())
	return pf
}
