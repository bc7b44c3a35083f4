package ingest

import (
	"bytes"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// dialect is what one origin of JSON lines calls things.
type dialect struct {
	info FormatInfo
	// marks are the keys by which a line of this origin is known, as they are
	// usually spelled: one entry's keys must all be there, at the line's top or
	// in a wrapper. "key=text" wants the value, a string, to begin with the text.
	marks []string
	names []named
	// general says that the names of any application count too, after names.
	general bool
	// wrappers are objects that are seen through besides the usual ones.
	wrappers string
	// headers are beginnings of keys that hold one header field each.
	headers []headerKeys
	// empty are texts that stand for nothing, besides "-".
	empty string
	way   direction
	// began says that the time of the beginning is better than that of the line.
	began bool
	// finish completes an exchange of this origin, or says why it is none.
	finish func(*jsonLines, *record.Draft) record.Reason
}

// named are the normalised names of a field, the best first.
type named struct {
	field jsonField
	unit  time.Duration // of a duration, 0 where it must be guessed
	keys  string
}

// headerKeys is the beginning of keys that name a header field behind it.
type headerKeys struct {
	prefix string
	field  jsonField
}

// direction is what the origin of a log tells about who called.
type direction uint8

const (
	wayUnknown direction = iota // each line tells
	wayIn
	wayOut
)

// dialects are all origins that are known. Where the marks of two are there, the
// first counts.
var dialects = []*dialect{
	&caddyDialect, &traefikDialect, &envoyDialect, &kongDialect, &nginxDialect,
	&cloudflareDialect, &fastlyDialect, &akamaiDialect, &f5Dialect, &vercelDialect, &ngrokDialect,
	&wafDialect, &gcpDialect, &appServiceDialect, &azureDialect, &apiGatewayDialect, &faunaDialect, &jfrogDialect, &zscalerDialect,
	&dotnetDialect, &serilogDialect, &logrageDialect, &splunkDialect,
	&zeekDialect, &otelLogDialect, &nodeDialect,
}

// plainDialect is that of no known origin.
var plainDialect = dialect{info: FormatInfo{Name: "json"}, general: true}

// markSet is a set of marks, each of which has a number.
type markSet [2]uint64

// marksMax is how many different marks there may be.
const marksMax = 128

func (s *markSet) add(n uint8) { s[n/64] |= 1 << (n % 64) }

func (s *markSet) has(need *markSet) bool { return s[0]&need[0] == need[0] && s[1]&need[1] == need[1] }

// keyMark is a key that tells an origin.
type keyMark struct {
	number uint8
	text   []byte // what the value must begin with
}

// jsonMarks are the marks by their normalised key, dialectMarks what each
// dialect needs of them.
var jsonMarks, dialectMarks = buildMarks(dialects)

func buildMarks(all []*dialect) (map[string][]keyMark, [][]markSet) {
	keys, numbers, needs := map[string][]keyMark{}, map[string]uint8{}, make([][]markSet, len(all))
	for i, d := range all {
		for _, entry := range d.marks {
			var need markSet
			for _, word := range strings.Fields(entry) {
				key, text, _ := strings.Cut(word, "=")
				key = normalPath("", []byte(key))
				id := key + "=" + text
				number, known := numbers[id]
				if !known {
					number = uint8(len(numbers) % marksMax)
					numbers[id] = number
					keys[key] = append(keys[key], keyMark{number, []byte(text)})
				}
				need.add(number)
			}
			needs[i] = append(needs[i], need)
		}
	}
	return keys, needs
}

// dialectOf is the dialect that has its marks among those seen.
func dialectOf(seen *markSet) *dialect {
	if *seen != (markSet{}) {
		for i, needs := range dialectMarks {
			for k := range needs {
				if seen.has(&needs[k]) {
					return dialects[i]
				}
			}
		}
	}
	return &plainDialect
}

// vocabulary is a dialect made ready for reading, and what was learnt about the
// members of its lines.
type vocabulary struct {
	*dialect
	names    map[string]jsonName
	prefixes map[string]bool
	wrap     map[string]bool
	given    map[string]jsonName // by whole path, from the configuration
	within   map[string]bool     // the proper prefixes of given
	empties  []string
	root     *jsonObject
	embedded *jsonObject // of objects that stand in a text
}

func newVocabulary(d *dialect, given map[string]jsonName) *vocabulary {
	v := &vocabulary{dialect: d, names: jsonNames, prefixes: jsonPrefixes, wrap: jsonWrappers, empties: strings.Fields(d.empty),
		root: &jsonObject{top: true}, embedded: &jsonObject{top: true, depth: 1}, given: given, within: prefixesOf(given)}
	if len(d.names) > 0 || !d.general {
		v.names = map[string]jsonName{}
		if d.general {
			maps.Copy(v.names, jsonNames)
		}
		for _, n := range d.names {
			for i, key := range strings.Fields(n.keys) {
				v.names[key] = jsonName{n.field, uint8(min(rankDialect+i, rankExact-1)), int64(n.unit)}
			}
		}
		v.prefixes = prefixesOf(v.names)
	}
	if d.wrappers != "" {
		v.wrap = maps.Clone(jsonWrappers)
		for _, key := range strings.Fields(d.wrappers) {
			v.wrap[key] = true
		}
	}
	return v
}

// isEmpty reports whether a quoted text stands for nothing.
func (v *vocabulary) isEmpty(quoted []byte) bool {
	for _, e := range v.empties {
		if len(quoted) == len(e)+2 && string(quoted[1:len(quoted)-1]) == e {
			return true
		}
	}
	return false
}

// vocabularyOf returns the one of a dialect; the parser makes it when first
// needed.
func (p *jsonLines) vocabularyOf(d *dialect) *vocabulary {
	for _, v := range p.vocabularies {
		if v.dialect == d {
			return v
		}
	}
	v := newVocabulary(d, p.given)
	p.vocabularies = append(p.vocabularies, v)
	return v
}

// note keeps in mind the marks that a member is.
func (p *jsonLines) note(marks []keyMark, c *jsonscan.Cursor, kind jsonscan.Kind) {
	for _, m := range marks {
		if len(m.text) == 0 || kind == jsonscan.String && bytes.HasPrefix(c.Peek()[1:], m.text) {
			p.marks.add(m.number)
		}
	}
}

// dialectFormat makes a format of a dialect. Its parser is that of any JSON
// lines: each line is read in the dialect that it is in.
func dialectFormat(d *dialect) format {
	return format{
		info:   d.info,
		score:  func(sample []byte) (float64, string) { return scoreDialect(sample, d) },
		lines:  func(cfg *Config) lineParser { return newJSONLines(cfg) },
		bodies: true,
	}
}

// mayBeIn is the cheap look: are the marks anywhere in the sample?
func (d *dialect) mayBeIn(sample []byte) bool {
	for _, entry := range d.marks {
		all := true
		for _, word := range strings.Fields(entry) {
			key, _, _ := strings.Cut(word, "=")
			all = all && bytes.Contains(sample, []byte(key))
		}
		if all {
			return true
		}
	}
	return false
}

// scoreDialect is the share of JSON lines, where at least one of those that
// speak of an exchange is in the dialect and none is in another.
func scoreDialect(sample []byte, d *dialect) (float64, string) {
	if !d.mayBeIn(sample) {
		return 0, ""
	}
	p := newJSONLines(sampleConfig())
	own, all, lines := 0, 0, 0
	var draft record.Draft
	for _, line := range sampleLines(sample) {
		if isBlank(line) {
			continue
		}
		lines++
		draft.Reset()
		reason := p.parse(line, &draft)
		if !readAsJSON(reason, sample) {
			continue
		}
		all++
		switch {
		case p.voc.dialect == d:
			own++
		case reason == "":
			return 0, ""
		}
	}
	if own == 0 {
		return 0, ""
	}
	why := fmt.Sprintf("%d of the first %d lines have its keys", own, lines)
	if columns := p.columns(); len(columns) > 0 {
		why += ", with " + strings.Join(columns, ", ")
	}
	return float64(all) / float64(lines), why
}

// dialectFormats are the formats of all dialects that people know by name.
func dialectFormats() []format {
	var all []format
	for _, d := range dialects {
		if d.info.Sample != "" {
			all = append(all, dialectFormat(d))
		}
	}
	return all
}
