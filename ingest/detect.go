package ingest

import (
	"bytes"
	"time"

	"github.com/errscope/errscope/record"
)

// sampleLinesMax bounds how many lines detection reads.
const sampleLinesMax = 200

// Detection says what an input was taken for.
type Detection struct {
	// Format is the name of a format, "text" for text of none, "empty" for no
	// bytes, and "" for binary data.
	Format string
	// Why is the evidence in words.
	Why string
	// Compression is "gzip", "zstd", "bzip2", "utf-16" or "".
	Compression string
	// Wrapper names what stands around the lines, the outermost first: "ansi",
	// "cri", "compose", "docker", "journald", "stamp" and "syslog", joined by
	// "+"; "" where nothing does. Colours inside another wrapper go unnamed.
	Wrapper string
	// Columns names the optional columns that the first lines have.
	Columns []string
	// Keys says which keys of JSON lines were taken for what.
	Keys []KeyUse
}

// Detect tells the format by the first bytes of decompressed content; 64 KiB
// are enough.
func Detect(head []byte) Detection { return detect(head, nil) }

// detect is Detect where the configuration gives fields their keys.
func detect(head []byte, given map[string][]string) Detection {
	if len(head) == 0 {
		return Detection{Format: emptyFormat.info.Name, Why: "no bytes"}
	}
	if kind := containerOf(head); kind != "" {
		return Detection{Why: "a " + kind + " file"}
	}
	found, best := detectIn(bytes.TrimPrefix(head, byteOrderMark), "", given, nil)
	switch {
	case best > 0:
		return found
	case isBinary(head):
		return Detection{Why: "NUL or control bytes, and no format"}
	}
	return found
}

// bestFormat scores a sample as each format, or as the only one that may be.
func bestFormat(sample []byte, only string, given map[string][]string, wrapped bool) (found Detection, best float64) {
	found = Detection{Format: textFormat.info.Name, Why: "no line is of a known format"}
	for i := range formats {
		f := &formats[i]
		if only != "" && f.info.Name != only || wrapped && f.document() {
			continue
		}
		score, why := f.score(sample)
		if score <= best {
			continue
		}
		best, found = score, Detection{Format: f.info.Name, Why: why}
	}
	if f := formatNamed(found.Format); f.lines != nil {
		found.Columns, found.Keys = columnsOf(f, sample), keysOf(f, given, sample)
	}
	return found, best
}

// columnsOf reads the sample once more for the columns that it has.
func columnsOf(f *format, sample []byte) []string {
	p := f.lines(sampleConfig())
	var d record.Draft
	for _, line := range sampleLines(sample) {
		d.Reset()
		p.parse(line, &d)
	}
	return p.columns()
}

func sampleConfig() *Config { return &Config{Location: time.UTC} }

// isBinary looks for what text does not have: NUL bytes, or more than a tenth
// of other control bytes.
func isBinary(head []byte) bool {
	if bytes.IndexByte(head, 0) >= 0 {
		return true
	}
	control := 0
	for _, c := range head {
		if c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != 0x1b {
			control++
		}
	}
	return control*10 > len(head)
}

// sampleLines cuts a sample into its lines. The last one may be cut off by the
// end of the sample and is left out, unless it is the only one.
func sampleLines(sample []byte) [][]byte {
	var lines [][]byte
	whole := len(sample) < sampleBytes
	for len(sample) > 0 && len(lines) < sampleLinesMax {
		i := bytes.IndexByte(sample, '\n')
		if i < 0 {
			if whole || len(lines) == 0 {
				lines = append(lines, bytes.TrimSuffix(sample, []byte{'\r'}))
			}
			break
		}
		lines = append(lines, bytes.TrimSuffix(sample[:i], []byte{'\r'}))
		sample = sample[i+1:]
	}
	return lines
}
