package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/errscope/errscope/record"
)

// genStart is the time of the first generated row; each row is later by genStep.
var genStart = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

const (
	genStep      = 20 * time.Millisecond
	genLineBytes = 256  // the length of a generated line
	genTemplates = 1024 // different calls
)

// generated stands for a source of lines: row i is always the same.
type generated struct {
	from, to int64
	at       int64
	recs     []record.Record
	labels   []record.Label
	after    func(row int64) error // called before each row, may be nil
	lastID   [32]byte
}

func newGenerated(from, to int64) *generated {
	g := &generated{from: from, to: to, at: from}
	sealer := record.NewPolicy(record.DefaultRules(), []byte("0123456789abcdef0123456789abcdef")).NewSealer()
	for i := range genTemplates {
		d := &record.Draft{}
		d.Reset()
		g.template(d, i)
		g.recs = append(g.recs, *sealer.Seal(d))
		l := record.Label{}
		l.Reset()
		g.label(&l, i)
		g.labels = append(g.labels, l)
	}
	return g
}

var genHosts = []string{"api.carsxe.com", "api.smartcar.com", "api.example.net", "management.smartcar.com"}

func (g *generated) template(d *record.Draft, i int) {
	d.Format = "combined"
	d.TimeDigits = 3
	d.Method = []byte("GET")
	d.Host = []byte(genHosts[i%len(genHosts)])
	d.Path = fmt.Appendf(nil, "/v2.0/vehicles/%08x-aaaa-4bbb-8ccc-000000000000/%s", i*7919, []string{"odometer", "location", "battery", "engine/oil", "specs"}[i%5])
	d.Query = fmt.Appendf(nil, "vin=WBAFR7C57CC81%04d&format=json", i)
	d.Status = 200
	d.DurationNS = int64(i%977) * 1_300_000
	d.Client = fmt.Appendf(nil, "10.0.%d.%d", i%7, i%251)
	d.UserAgent = []byte("fleet-sync/4.2 (+https://fleet.example.com) Go-http-client/1.1")
	d.Direction = record.Outbound
	if i%12 == 0 { // 8.3 % fail
		d.Status = 429
		d.RequestID = []byte("00000000000000000000000000000000")
		d.Headers = []record.Header{{Name: []byte("Content-Type"), Value: []byte("application/json")}, {Name: []byte("Retry-After"), Value: []byte("30")}}
		d.Body = fmt.Appendf(nil, `{"statusCode":429,"type":"RATE_LIMIT","code":"SMARTCAR_API","description":"You have reached the throttling rate limit %d. Please see our docs.","docURL":"https://example.com/errors"}`, i%3)
	}
}

func (g *generated) label(l *record.Label, i int) {
	l.Vendor = []string{"carsxe", "smartcar", record.VendorUnknown, "smartcar"}[i%4]
	if i%12 != 0 {
		return
	}
	l.Failure = true
	l.Category, l.Retry, l.Fault = record.RateLimit, record.RetryAfterReset, record.FaultCaller
	l.Code, l.Type = "SMARTCAR_API", "RATE_LIMIT"
	l.Message = "You have reached the throttling rate limit. Please see our docs."
	l.Confidence, l.Rule = record.ConfidenceExact, "smartcar/rate-limit-api"
	l.RetryAfterS, l.RetrySource = 30, "header:retry-after"
}

// Next gives the next row.
func (g *generated) Next() (*record.Record, *record.Label, error) {
	if g.at == g.to {
		return nil, nil, io.EOF
	}
	if g.after != nil {
		if err := g.after(g.at); err != nil {
			return nil, nil, err
		}
	}
	i := int(g.at*31) % genTemplates
	r, l := &g.recs[i], &g.labels[i]
	r.TimeNS = genStart.UnixNano() + g.at*int64(genStep)
	r.Line, r.Offset = g.at+1, g.at*genLineBytes
	r.Bytes = 200 + g.at%5000
	r.RequestKey = uint64(g.at) * 0x9e3779b97f4a7c15
	if l.Category != "" {
		g.lastID = genRequestID(g.at)
		r.RequestID = g.lastID[:]
		l.RetryAt = time.Unix(0, r.TimeNS+int64(30*time.Second)).UTC()
	}
	g.at++
	return r, l, nil
}

func genRequestID(row int64) (id [32]byte) {
	const digits = "0123456789abcdef"
	sum := sha256.Sum256(binary.LittleEndian.AppendUint64(nil, uint64(row)))
	for i := range id {
		id[i] = digits[sum[i/2]>>(i%2*4)&15]
	}
	return id
}

// genSegment is rows from to to of the generated source, read by workers.
func genSegment(from, to int64, workers int) Segment {
	seg := Segment{From: from * genLineBytes, Finish: func() (SegmentEnd, error) { return genEnd(from, to), nil }}
	for w := range int64(workers) {
		n := to - from
		seg.Readers = append(seg.Readers, newGenerated(from+n*w/int64(workers), from+n*(w+1)/int64(workers)))
	}
	return seg
}

func genEnd(from, to int64) SegmentEnd {
	return SegmentEnd{Bytes: to * genLineBytes, SHA256: sha256.Sum256(fmt.Append(nil, to)),
		Lines: to - from, Records: to - from, FirstTS: genStart.Add(time.Duration(from) * genStep),
		LastTS: genStart.Add(time.Duration(to-1) * genStep), Complete: true}
}

// testDB opens a new database in a folder of the test.
func testDB(t testing.TB) *DB {
	t.Helper()
	return openDB(t, filepath.Join(t.TempDir(), "t.duckdb"), Options{})
}

func openDB(t testing.TB, path string, o Options) *DB {
	t.Helper()
	db, err := Open(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// table gives the answer of a query, each row as one text.
func table(t testing.TB, db *DB, query string) []string {
	t.Helper()
	rows, err := db.Query(context.Background(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var list []string
	for {
		row, err := rows.Next()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		text := ""
		for i, v := range row {
			if i > 0 {
				text += "|"
			}
			text += fmt.Sprint(v)
		}
		list = append(list, text)
	}
}
