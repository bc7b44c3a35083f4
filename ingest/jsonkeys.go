package ingest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/errscope/errscope/record"
)

// KeyUse is a key of JSON lines and what it was taken for.
type KeyUse struct {
	Key   string // the keys down to it, with points between them, as they are spelled
	Field string // one of [JSONFieldNames]
}

// keysMax bounds the keys that detection tells of.
const keysMax = 200

// keyList gathers the keys that a parser took something from.
type keyList struct {
	uses []KeyUse
	seen map[*jsonMember]bool
}

func (l *keyList) add(m *jsonMember) {
	name := fieldNames[m.name.field]
	if m.use == useHeader {
		name += " (" + string(m.header) + ")"
	}
	if l.seen[m] || name == "" || len(l.uses) >= keysMax {
		return
	}
	l.seen[m] = true
	if use := (KeyUse{m.dotted, name}); !slices.Contains(l.uses, use) {
		l.uses = append(l.uses, use)
	}
}

// noteKeys adds the keys that the line just read was understood by, also where
// it is no exchange: then they show what is missing.
func (p *jsonLines) noteKeys() {
	for f := range jsonField(fieldCount) {
		if p.has(f) {
			p.keys.add(p.values[f].from)
		}
	}
}

// keysOf reads a sample once more for its keys; none where the format has no
// keys of its own.
func keysOf(f *format, given map[string][]string, sample []byte) []KeyUse {
	cfg := sampleConfig()
	cfg.JSONFields = given
	p, ok := f.lines(cfg).(*jsonLines)
	if !ok {
		return nil
	}
	p.keys = &keyList{seen: map[*jsonMember]bool{}}
	var d record.Draft
	for _, line := range sampleLines(sample) {
		d.Reset()
		p.parse(line, &d)
		for ok := true; ok; {
			_, ok = p.more(&d)
		}
	}
	return p.keys.uses
}

// durationUnits are the names under which the configuration gives a duration of
// a known unit.
var durationUnits = []struct {
	name   string
	unitNS int64
}{{"duration_s", 1e9}, {"duration_ms", 1e6}, {"duration_us", 1e3}, {"duration_ns", 1}}

// JSONFieldNames are the names that [Config.JSONFields] may have.
func JSONFieldNames() []string {
	var names []string
	for _, name := range fieldNames {
		if name != "" {
			names = append(names, name)
		}
	}
	for _, d := range durationUnits {
		names = append(names, d.name)
	}
	slices.Sort(names)
	return names
}

// CheckJSONFields says what is wrong with a mapping: a name of no field, or a
// field without a key. The error wraps [ErrUnknownField].
func CheckJSONFields(fields map[string][]string) error {
	for name, keys := range fields {
		if _, ok := fieldNamed(name); !ok {
			return fmt.Errorf("%w %q (known: %s)", ErrUnknownField, name, strings.Join(JSONFieldNames(), ", "))
		}
		if len(keys) == 0 || slices.Contains(keys, "") {
			return fmt.Errorf("%w: %s has no key", ErrUnknownField, name)
		}
	}
	return nil
}

func fieldNamed(name string) (jsonName, bool) {
	for f, known := range fieldNames {
		if known == name && known != "" {
			return jsonName{field: jsonField(f), rank: rankGiven}, true
		}
	}
	for _, d := range durationUnits {
		if d.name == name {
			return jsonName{field: fieldDuration, rank: rankGiven, unitNS: d.unitNS}, true
		}
	}
	return jsonName{}, false
}

// givenNames are the names of the configuration by their normalised paths.
func givenNames(fields map[string][]string) map[string]jsonName {
	if len(fields) == 0 {
		return nil
	}
	m := map[string]jsonName{}
	for field, keys := range fields {
		name, ok := fieldNamed(field)
		if !ok {
			continue
		}
		for i, key := range keys {
			// Of several keys the first that a line has counts.
			name.rank = uint8(min(i, rankDialect-1))
			m[normalPath("", []byte(key))] = name
		}
	}
	return m
}
