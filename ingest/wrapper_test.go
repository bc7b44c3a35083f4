package ingest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
	"github.com/errscope/errscope/record"
)

// dockerLine is what the json-file driver makes of a piece of output.
func dockerLine(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return `{"log":` + string(quoted) + `,"stream":"stdout","time":"2026-03-04T09:15:09.000000001Z"}` + "\n"
}

// wrapEach puts something around every line of a log.
func wrapEach(log string, around func(i int, line string) string) string {
	var b strings.Builder
	for i, l := range strings.Split(strings.TrimSuffix(log, "\n"), "\n") {
		b.WriteString(around(i, l))
	}
	return b.String()
}

func byteList(text string) string {
	var list []string
	for _, c := range []byte(text) {
		list = append(list, fmt.Sprint(c))
	}
	return "[" + strings.Join(list, ",") + "]"
}

// wrappings are all wrappers, each around any line.
var wrappings = map[string]struct {
	wrapper string
	around  func(i int, line string) string
}{
	"cri": {"cri", func(_ int, l string) string { return "2026-03-04T09:15:09.000000001Z stdout F " + l + "\n" }},
	"cri with offset": {"cri", func(i int, l string) string {
		return "2026-03-04T10:15:09.1+01:00 " + []string{"stdout", "stderr"}[i%2] + " F " + l + "\r\n"
	}},
	"docker": {"docker", func(_ int, l string) string { return dockerLine(l + "\n") }},
	"docker attrs": {"docker", func(_ int, l string) string {
		return strings.Replace(dockerLine(l+"\r\n"), `,"time"`, `,"attrs":{"tag":"a"},"time"`, 1)
	}},
	"compose":        {"compose", func(i int, l string) string { return []string{"web-1    | ", "worker-2 | "}[i%2] + l + "\n" }},
	"compose stamps": {"compose", func(_ int, l string) string { return "web_1  | 2026-03-04T09:15:09.000000001Z " + l + "\n" }},
	"kubectl":        {"compose", func(_ int, l string) string { return "[pod/api-5d4f8b6c9-x7x2p/app] " + l + "\n" }},
	"stern":          {"compose", func(_ int, l string) string { return "api-5d4f8b6c9-x7x2p app " + l + "\n" }},
	"stamp":          {"stamp", func(_ int, l string) string { return "2026-03-04T09:15:09.000000001Z " + l + "\n" }},
	"rfc3164":        {"syslog", func(_ int, l string) string { return "<134>Mar  4 09:15:09 edge nginx: " + l + "\n" }},
	"no host":        {"syslog", func(_ int, l string) string { return "<134>Mar  4 09:15:09 nginx[71]: " + l + "\n" }},
	"journalctl":     {"syslog", func(_ int, l string) string { return "Mar 04 09:15:09 edge nginx[71]: " + l + "\n" }},
	"rsyslog file":   {"syslog", func(_ int, l string) string { return "2026-03-04T09:15:09.000001+00:00 edge nginx[71]: " + l + "\n" }},
	"rfc5424":        {"syslog", func(_ int, l string) string { return "<134>1 2026-03-04T09:15:09.1Z edge nginx 71 - - " + l + "\n" }},
	"rfc5424 data": {"syslog", func(_ int, l string) string {
		return `<134>1 2026-03-04T09:15:09.1Z edge nginx 71 ID4 [a@1 k="v \"]\" w"][b@2] ` + "\ufeff" + l + "\n"
	}},
	"journald": {"journald", func(_ int, l string) string {
		quoted, _ := json.Marshal(l)
		return `{"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1772615709000001","MESSAGE":` + string(quoted) + `,"_PID":"71"}` + "\n"
	}},
	"journald bytes": {"journald", func(_ int, l string) string {
		return `{"MESSAGE":` + byteList(l+"\n") + `,"_PID":"71","__REALTIME_TIMESTAMP":"1772615709000001"}` + "\n"
	}},
	"ansi": {"ansi", func(_ int, l string) string {
		return "\x1b[2K\x1b[32m" + l[:9] + "\x1b[0m" + l[9:] + "\x1b]8;;x\x07\x1b(B\n"
	}},
	"nested": {"ansi+compose+docker+syslog", func(_ int, l string) string {
		return "\x1b[36mweb-1  | \x1b[0m" + dockerLine("<134>Mar  4 09:15:09 edge nginx: "+l+"\n")
	}},
	"colours in docker": {"docker", func(_ int, l string) string { return dockerLine("\x1b[32m" + l + "\x1b[0m\n") }},
}

// TestWrappers reads logs through every wrapper: the exchanges are the same as
// without it.
func TestWrappers(t *testing.T) {
	logs := map[string]string{
		"combined": combinedLog(40, true),
		"json":     strings.Repeat(`{"time":"2026-03-04T09:15:02.118Z","method":"GET","url":"https://api.example.com/v2?a=\"é\u0041\\","status":429}`+"\n", 3),
	}
	for name, w := range wrappings {
		for format, log := range logs {
			content := wrapEach(log, w.around)
			d := ingest.Detect([]byte(content))
			if d.Format != format || d.Wrapper != w.wrapper {
				t.Errorf("%s around %s is taken for %+v", name, format, d)
				continue
			}
			var want []string
			for _, row := range ingesttest.Read(t, ingest.Config{}, log) {
				_, fields, _ := strings.Cut(row, " ")
				want = append(want, fields)
			}
			rows := ingesttest.Read(t, ingest.Config{}, content)
			offset := 0
			for i, l := range strings.SplitAfter(strings.TrimSuffix(content, "\n"), "\n") {
				if place := fmt.Sprintf("%d@%d ", i+1, offset); i >= len(rows) || rows[i] != place+want[i] {
					t.Fatalf("%s around %s: got\n%v\nwant\n%s%s", name, format, rows[min(i, len(rows)-1)], place, want[i])
				}
				offset += len(l)
			}
			rows = ingesttest.Read(t, ingest.Config{Format: format}, content)
			if len(rows) != len(want) {
				t.Errorf("%s around %s, format given: %d rows", name, format, len(rows))
			}
		}
	}
}

// TestWrapperTime gives a line without a time that of its wrapper, and leaves a
// line that states its own alone.
func TestWrapperTime(t *testing.T) {
	bare := `{"method":"GET","url":"https://api.example.com/a","status":429}`
	cfg := ingest.Config{Location: time.FixedZone("", 3600), Now: time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)}
	for name, want := range map[string]string{
		"cri": "2026-03-04T09:15:09.000000001Z", "cri with offset": "2026-03-04T09:15:09.1Z", "docker": "2026-03-04T09:15:09.000000001Z",
		"compose": "", "compose stamps": "2026-03-04T09:15:09.000000001Z", "kubectl": "", "stamp": "2026-03-04T09:15:09.000000001Z",
		"rfc3164": "2026-03-04T08:15:09Z", "journalctl": "2026-03-04T08:15:09Z", "rsyslog file": "2026-03-04T09:15:09.000001Z",
		"rfc5424": "2026-03-04T09:15:09.1Z", "journald": "2026-03-04T09:15:09.000001Z", "journald bytes": "2026-03-04T09:15:09.000001Z",
		"ansi": "", "nested": "2026-03-04T09:15:09.000000001Z",
	} {
		rows := ingesttest.Read(t, cfg, strings.Repeat(wrappings[name].around(0, bare), 2))
		if len(rows) != 2 {
			t.Fatalf("%s: %q", name, rows)
		}
		_, stamp, found := strings.Cut(rows[0], "time=")
		stamp, _, _ = strings.Cut(stamp, " ")
		if found != (want != "") || stamp != want {
			t.Errorf("%s: %q, want time %q", name, rows[0], want)
		}
	}
}

// TestWrappedStrangers counts what is no exchange: another line of the
// container is ignored, a line without the wrapper is read as it is, a cut one
// is refused.
func TestWrappedStrangers(t *testing.T) {
	entry := `10.0.0.1 - - [04/Mar/2026:09:15:02 +0000] "GET /a HTTP/1.1" 429 5`
	cri := "2026-03-04T09:15:09Z stdout F "
	content := strings.Repeat(cri+entry+"\n", 3) + cri + "ready for start up\n" + cri + "\"GET /a HTTP/1.1\" and what else\n" + cri + "\n" + cri[:len(cri)-1] + "\n" + entry + "\n" + "noise\n" + cri + entry[:40]
	src := openSmall(t, ingest.Config{}, []byte(content))
	defer src.Close()
	rows, ends := ingesttest.Drain(t, src, 1, 0)
	end := sumOf(ends)
	if end.Records != 4 || end.Ignored[record.IgnoreNoHTTP] != 1 || end.Ignored[record.IgnoreBlank] != 2 || end.Rejected != 3 {
		t.Errorf("%+v\n%s", end, strings.Join(rows, "\n"))
	}
	if last := rows[len(rows)-1]; !strings.Contains(last, "reject=truncated") {
		t.Errorf("the cut line is %s", last)
	}
}

// TestUnwrapped leaves alone what only looks like a wrapper.
func TestUnwrapped(t *testing.T) {
	for name, content := range map[string]string{
		"a table":          strings.Repeat("a | b | c\nd | e\n", 9),
		"an app's own log": strings.Repeat("2026-03-04T09:15:02Z INFO api: started\n", 9),
		"half JSON":        strings.Repeat(`{"log":"x","stream":"stdout"}`+"\n", 9),
		"another stream":   strings.Repeat(`{"log":"x\n","stream":"file","time":"2026-03-04T09:15:02Z"}`+"\n", 9),
		"bad tag":          strings.Repeat("2026-03-04T09:15:09Z stdout Full "+line(1)+"\n", 9),
		"bad data":         strings.Repeat("2026-03-04T09:15:09Z a b c d [x\n", 9),
		"one in four":      strings.Repeat("<134>Mar  4 09:15:09 edge nginx: x\nb\nc\nd\n", 9),
	} {
		if d := ingest.Detect([]byte(content)); d.Wrapper != "" && name != "a table" || d.Format != "text" && d.Format != "json" && name != "bad tag" {
			t.Errorf("%s is taken for %+v", name, d)
		}
	}
}

// TestLateColours reads a coloured line far behind the sample.
func TestLateColours(t *testing.T) {
	rows := ingesttest.Read(t, ingest.Config{}, combinedLog(1000, false)+"\x1b[31m"+strings.TrimSuffix(combinedLog(1, false), "\n")+"\x1b[0m\n")
	if want := ingesttest.Read(t, ingest.Config{}, combinedLog(1, false))[0]; !strings.HasSuffix(rows[1000], want[len("1@0"):]) {
		t.Errorf("got %s", rows[1000])
	}
}

// partsOf cuts lines into parts of at most size bytes.
func partsOf(log string, size int, part func(text string, last bool) string) string {
	return wrapEach(log, func(_ int, l string) string {
		var b strings.Builder
		for ; len(l) > size; l = l[size:] {
			b.WriteString(part(l[:size], false))
		}
		b.WriteString(part(l, true))
		return b.String()
	})
}

func criPart(text string, last bool) string {
	return "2026-03-04T09:15:09.1Z stdout " + map[bool]string{false: "P ", true: "F "}[last] + text + "\n"
}

func dockerPart(text string, last bool) string {
	return dockerLine(text + map[bool]string{true: "\n"}[last])
}

// TestParts joins the parts of lines, however the blocks fall, with the other
// stream's lines between them.
func TestParts(t *testing.T) {
	log := combinedLog(60, true)
	var want []string
	for _, row := range ingesttest.Read(t, ingest.Config{}, log) {
		_, fields, _ := strings.Cut(row, " ")
		want = append(want, fields)
	}
	slices.Sort(want)
	for name, content := range map[string]string{
		"cri": partsOf(log, 100, criPart), "docker": partsOf(log, 100, dockerPart),
		"other stream": partsOf(log, 100, func(text string, last bool) string {
			return criPart(text, last) + "2026-03-04T09:15:09.1Z stderr F a warning\n"
		}),
		"both streams": partsOf(log, 100, func(text string, last bool) string {
			p := criPart(text, last)
			return p + strings.Replace(p, "stdout", "stderr", 1)
		}),
	} {
		for _, block := range []int{1, 64, 500, 3000, 1 << 20} {
			src, err := ingest.OpenSized(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, strings.NewReader(content),
				ingest.Sizes{Line: 4000, Entry: 4000, Block: block, Spool: 4000})
			if err != nil {
				t.Fatal(err)
			}
			rows, ends := ingesttest.Drain(t, src, 3, 900)
			src.Close()
			end := sumOf(ends)
			if got := int64(strings.Count(content, "\n")); end.Lines != got || end.Rejected != 0 {
				t.Fatalf("%s, block %d: %+v, there are %d lines", name, block, end, got)
			}
			copies := 1
			if name == "both streams" {
				copies = 2
			}
			if len(rows) != copies*60 {
				t.Fatalf("%s, block %d: %d rows", name, block, len(rows))
			}
			for i, row := range rows {
				place, fields, _ := strings.Cut(row, " ")
				var n, at int
				fmt.Sscanf(place, "%d@%d", &n, &at)
				if l := content[at:]; strings.Count(content[:at], "\n") != n-1 || at > 0 && content[at-1] != '\n' || !strings.Contains(l[:60], "10.") {
					t.Fatalf("%s, block %d: a row at %s", name, block, place)
				}
				rows[i] = fields
			}
			slices.Sort(rows)
			if rows = slices.Compact(rows); !slices.Equal(rows, want) {
				t.Fatalf("%s, block %d: got\n%s\nwant\n%s", name, block, strings.Join(rows, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

// TestTooManyParts gives up a text that is longer than a line may be.
func TestTooManyParts(t *testing.T) {
	content := criPart(`{"status":500}`, true) + strings.Repeat(criPart(strings.Repeat("x", 50), false), 30) + criPart(`{"status":429,"method":"GET","path":"/"}`, true)
	for _, block := range []int{100, 1 << 20} {
		src, err := ingest.OpenSized(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, strings.NewReader(content),
			ingest.Sizes{Line: 1000, Entry: 1000, Block: block, Spool: 1000})
		if err != nil {
			t.Fatal(err)
		}
		rows, ends := ingesttest.Drain(t, src, 1, 0)
		if end := sumOf(ends); end.Lines != 32 || len(rows) == 0 || !strings.Contains(rows[0], "2@") || !strings.Contains(rows[0], "line_too_long") {
			t.Errorf("block %d: %+v\n%q", block, end, rows)
		}
		src.Close()
	}
}

// TestPartsGrow reads a log that grows line by line, also in the middle of a
// text of several parts: what was half is undone, and read once it is whole.
func TestPartsGrow(t *testing.T) {
	content := partsOf(combinedLog(6, true), 100, criPart)
	want := ingesttest.Read(t, ingest.Config{}, content)
	type loaded struct {
		ingest.Known
		start int64
		rows  []string
	}
	for step := 1; step < len(content); step += 97 {
		var ledger []loaded
		for size := step; ; size = min(size+step, len(content)) {
			src, err := ingest.OpenSized(context.Background(), ingest.Config{Format: "combined"}, ingest.Input{Path: "-"}, strings.NewReader(content[:size]),
				ingest.Sizes{Line: 2000, Entry: 2000, Block: 200, Spool: 100})
			if err != nil {
				t.Fatal(err)
			}
			known := make([]ingest.Known, len(ledger))
			for i := range ledger {
				known[i] = ledger[i].Known
			}
			if _, err := src.Match(context.Background(), known); err != nil {
				t.Fatal(err)
			}
			at := src.Position().Offset
			ledger = slices.DeleteFunc(ledger, func(l loaded) bool { return l.start >= at })
			for {
				seg, err := src.NextSegment(context.Background(), 0)
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				start := at
				r := seg.NewReader()
				var rows []string
				var d record.Draft
				for r.Next(&d) == nil {
					rows = append(rows, ingesttest.Row(&d))
				}
				end := seg.End()
				at = end.Offset
				ledger = append(ledger, loaded{ingest.Known{Bytes: end.Offset, SHA256: end.SHA256}, start, rows})
			}
			src.Close()
			if size == len(content) {
				break
			}
		}
		var got []string
		for _, l := range ledger {
			got = append(got, l.rows...)
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Fatalf("in steps of %d bytes:\n%s\nwant\n%s", step, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// FuzzWrapped reads any bytes with whatever wrappers they seem to have, and
// holds small blocks against large ones.
func FuzzWrapped(f *testing.F) {
	for _, w := range wrappings {
		f.Add([]byte(wrapEach(combinedLog(3, false), w.around)), uint16(50))
	}
	f.Add([]byte(partsOf(combinedLog(3, true), 60, criPart)), uint16(64))
	f.Add([]byte(partsOf(combinedLog(3, true), 60, dockerPart)+dockerLine("a\u0000\ufffd")), uint16(64))
	f.Fuzz(func(t *testing.T, content []byte, block uint16) {
		read := func(blockBytes int) ([]string, ingest.End) {
			src, err := ingest.OpenSized(context.Background(), ingest.Config{Now: time.Unix(1e9, 0)}, ingest.Input{Path: "-"}, bytes.NewReader(content),
				ingest.Sizes{Line: 300, Entry: 300, Block: blockBytes, Spool: 300})
			if err != nil {
				t.Skip(err)
			}
			defer src.Close()
			rows, ends := ingesttest.Drain(t, src, 1, 0)
			return rows, sumOf(ends)
		}
		want, wantEnd := read(1 << 20)
		got, end := read(int(block)%600 + 1)
		if !slices.Equal(got, want) || end.Lines != wantEnd.Lines || fmt.Sprint(end.Ignored) != fmt.Sprint(wantEnd.Ignored) {
			t.Fatalf("%+v\n%s\nwant %+v\n%s", end, strings.Join(got, "\n"), wantEnd, strings.Join(want, "\n"))
		}
		checkDrafts(t, "json", content)
		checkDrafts(t, "combined", content)
	})
}

func BenchmarkWrapped(b *testing.B) {
	for _, name := range []string{"cri", "docker", "compose", "journalctl", "journald", "ansi"} {
		content := wrapEach(combinedLog(20_000, false), wrappings[name].around)
		b.Run(name, func(b *testing.B) { benchmarkContent(b, content) })
	}
}
