package tui

import (
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// origin says where a line was read and how to see it in full.
type origin struct {
	pages
	untold
	path   string
	offset int64
	place  queries.Place // zero where there is no row
}

func newOrigin(path string, offset int64, place queries.Place) *origin {
	return &origin{path: path, offset: offset, place: place}
}

func countPlain(n int64) string { return strconv.FormatInt(n, 10) }

// unpackers read a compressed file by its ending; an offset is always in the
// decompressed bytes.
var unpackers = [...][2]string{{".gz", "gzip -dc"}, {".zst", "zstd -dc"}, {".xz", "xz -dc"}, {".bz2", "bzip2 -dc"}}

// command prints the line, "" where no program of every system can.
func (o *origin) command() string {
	lower := strings.ToLower(o.path)
	tail := "tail -c +" + countPlain(o.offset+1)
	switch {
	case o.path == "" || o.path == "-" || strings.Contains(lower, ".zip") || strings.Contains(lower, ".tar"):
		return ""
	}
	for _, u := range unpackers {
		if strings.HasSuffix(lower, u[0]) {
			return u[1] + " " + shellWord(o.path) + " | " + tail + " | head -n 1"
		}
	}
	return tail + " " + shellWord(o.path) + " | head -n 1"
}

// stored prints the row, "" where there is none.
func (o *origin) stored(a *app) string {
	if o.place == (queries.Place{}) {
		return ""
	}
	words := "errscope sql --format jsonl"
	if a.o.Database != "" {
		words += " --db " + shellWord(a.o.Database)
	}
	return words + " 'FROM es_exchange(" + countPlain(o.place.SourceID) + ", " + countPlain(o.place.SourceOffset) + ")'"
}

func (o *origin) title() string { return "The line in the log" }

func (o *origin) keys(a *app) []key.Binding {
	m := a.keymap
	return []key.Binding{doing(m.CopyID, "copy the command"), doing(m.CopyWhole, "copy the errscope command"), m.Back}
}

func (o *origin) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case o.pages.press(m, k):
	case key.Matches(k, m.Back), key.Matches(k, m.Quit), key.Matches(k, m.Origin), key.Matches(k, m.Open):
		a.close()
	case key.Matches(k, m.CopyID):
		return a.copied("command", o.command())
	case key.Matches(k, m.CopyWhole):
		return a.copied("command", o.stored(a))
	}
	return nil
}

func (o *origin) body(a *app, width, height int) []string {
	lines := []string{a.section(o.title(), width)}
	put := func(label string, kind paint, text string) {
		for i, part := range hardwrap(cleanAll(text), width-14) {
			if i > 0 {
				label = ""
			}
			lines = append(lines, a.line(width).put("", "  ").field(a.theme.dim, label, 10).put("", "  ").put(kind, part).String())
		}
	}
	put("file", "", o.path)
	put("byte", "", count(o.offset)+" (counted from 0, after decompression)")
	lines = append(lines, "")
	if c := o.command(); c != "" {
		put("see it", a.theme.info, plainWord(c))
	} else {
		put("see it", a.theme.dim, "no plain command opens this source at a byte")
	}
	if c := o.stored(a); c != "" {
		lines = append(lines, "")
		if a.o.Database == "" {
			put("as stored", a.theme.dim, "this database goes when you go; errscope ingest --db FILE keeps one")
		} else {
			put("as stored", a.theme.info, c)
		}
	}
	return o.show(lines, height)
}
