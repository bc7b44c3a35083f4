package analysis

import (
	"path"
	"regexp"
	"strings"
)

// bodyFormats are the formats whose documents hold one exchange each: a folder
// of them is one capture.
var bodyFormats = map[string]bool{"http": true, "body": true} // never written

// rotated matches what rotation and compression add to the name of a log, before
// or behind its ending.
var rotated = regexp.MustCompile(`(?i)(\.(gz|zst|zstd|xz|bz2|z)|\.[0-9]{1,4}|[-._][0-9]{8}([-._t]?[0-9]{2,6}z?)?|[-._][0-9]{4}-[0-9]{2}(-[0-9]{2}([-._t]?[0-9]{2}([-._:]?[0-9]{2}){0,2}z?)?)?|\.(old|bak))$`)

// logEnding matches the ending that a date may stand before.
var logEnding = regexp.MustCompile(`(?i)\.(log|json|jsonl|ndjson|txt|har|csv|tsv)$`)

// FuseOrigin names what a source is a piece of: the rotated and compressed
// pieces of one log have one name, and so have the documents of one folder of
// captured answers. own tells sources apart that have no file, such as standard
// input.
func FuseOrigin(file, format, own string) string {
	if file == "" || file == "-" {
		return "-\x00" + own
	}
	file = path.Clean(strings.ReplaceAll(file, `\`, "/"))
	if bodyFormats[format] {
		return path.Dir(file) + "/\x00" + format
	}
	dir, name := path.Split(file)
	return dir + logName(name)
}

// logName is the name of a log without what rotation added to it.
func logName(name string) string {
	name = stripRotated(name)
	if ending := logEnding.FindString(name); ending != "" {
		if stem := stripRotated(strings.TrimSuffix(name, ending)); stem != "" {
			return stem + ending
		}
	}
	return name
}

func stripRotated(name string) string {
	for {
		cut := rotated.FindStringIndex(name)
		if cut == nil || cut[0] == 0 {
			return name
		}
		name = name[:cut[0]]
	}
}
