package classify

import (
	"context"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/errscope/errscope/record"
)

// eventTime is when the exchanges of the tests end.
var eventTime = time.Date(2026, 6, 18, 9, 30, 0, 0, time.UTC)

// call makes an outbound record; status record.Absent is "not stated".
func call(t testing.TB, method, target string, status int, h []record.Header, body string) *record.Record {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	var d record.Draft
	d.Reset()
	d.TimeNS, d.TimeDigits, d.Direction, d.Status = eventTime.UnixNano(), 0, record.Outbound, status
	d.Method, d.Target = []byte(method), []byte(target)
	d.Host, d.Path, d.Query = []byte(u.Hostname()), []byte(u.EscapedPath()), []byte(u.RawQuery)
	d.Headers, d.Body = h, []byte(body)
	return &record.Record{Exchange: &d.Exchange}
}

// headers makes header fields of names and values in turn.
func headers(nameValue ...string) []record.Header {
	var out []record.Header
	for i := 0; i+1 < len(nameValue); i += 2 {
		out = append(out, record.Header{Name: []byte(nameValue[i]), Value: []byte(nameValue[i+1])})
	}
	return out
}

// shipped is the embedded packs, compiled once for all tests.
var shipped = sync.OnceValues(func() (*Set, error) { return Load(context.Background(), nil) })

// label labels one record with the shipped packs, evidence included.
func label(t testing.TB, r *record.Record) record.Label {
	t.Helper()
	set, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	var out record.Label
	NewEngine(set, nil, true).NewLabeler().Label(r, &out)
	return out
}

// carsxe is a call to the CarsXE API.
func carsxe(t testing.TB, pathQuery string, status int, body string) *record.Record {
	t.Helper()
	return call(t, "GET", "https://api.carsxe.com"+pathQuery, status, headers("content-type", "application/json"), body)
}

// acme is a call to a host that no pack knows.
func acme(t testing.TB, status int, h []record.Header, body string) *record.Record {
	t.Helper()
	return call(t, "GET", "https://api.acme.example/v1/things/7", status, h, body)
}
