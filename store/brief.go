package store

import (
	"math"

	"github.com/duckdb/duckdb-go/v2/mapping"
	"github.com/errscope/errscope/record"
)

// briefWriter turns successes that say little into rows of requests_brief.
type briefWriter struct {
	sourceID  int64
	endpoints *endpoints

	known   map[string]int32 // those of endpoints that this worker met
	vectors vectors
	n       int // rows in the chunk
	key     []byte
	route   []byte
}

// isBrief says that requests_brief has room for all that is kept of a row.
func isBrief(r *record.Record, l *record.Label) bool {
	if len(r.TraceID) > 0 {
		if _, _, ok := hexUUID(r.TraceID); !ok {
			return false
		}
	}
	return l == nil || l.Category == "" && l.BodyStatus == 0 && l.RetryAfterS < 0 && l.RetrySource == "" &&
		l.Quota.Name == "" && !l.Quota.Stated() && l.Quota.Cost == 0 && len(l.Candidates) == 0
}

// begin turns to a new chunk.
func (w *briefWriter) begin(chunk mapping.DataChunk) error {
	w.n = 0
	return w.vectors.attach(chunk, briefColumns)
}

// full says that no row more fits.
func (w *briefWriter) full() bool { return w.n == w.vectors.size }

// write adds one row. It says false, and adds nothing, where there is no room
// for the row's endpoint.
func (w *briefWriter) write(r *record.Record, l *record.Label) bool {
	id := w.endpoint(r, l)
	if id == 0 {
		return false
	}
	v, row := &w.vectors, w.n
	w.n++
	if r.TimeDigits != record.Absent {
		v.setInt(briefTS, row, floorMicro(r.TimeNS))
	}
	v.setInt32(briefEndpoint, row, id)
	if r.Status >= 0 && r.Status <= math.MaxInt16 {
		v.setSmall(briefStatus, row, int16(r.Status))
	}
	if r.RequestKey != 0 {
		v.setUint(briefRequestKey, row, r.RequestKey)
	}
	if r.DurationNS >= 0 {
		v.setFloat(briefDurationMS, row, float64(r.DurationNS)/1e6)
	}
	if r.Bytes >= 0 {
		v.setInt(briefBytes, row, r.Bytes)
	}
	v.setInt(briefSourceID, row, w.sourceID)
	v.setInt(briefSourceOffset, row, r.Offset)
	if len(r.TraceID) > 0 {
		high, low, _ := hexUUID(r.TraceID)
		v.setUUID(briefTraceID, row, high, low)
	}
	if h := requestHash(r, l); h != 0 {
		v.setUint(briefRequestHash, row, h)
	}
	if h := idHash(r.ClientRequestID); h != 0 {
		v.setUint(briefClientRequestHash, row, h)
	}
	if h := idHash(r.SpanID); h != 0 {
		v.setUint(briefSpanHash, row, h)
	}
	return true
}

// hexDigits has one more than the value of each lower-case digit, 0 elsewhere.
var hexDigits = [256]uint8{'0': 1, '1': 2, '2': 3, '3': 4, '4': 5, '5': 6, '6': 7, '7': 8, '8': 9, '9': 10,
	'a': 11, 'b': 12, 'c': 13, 'd': 14, 'e': 15, 'f': 16}

// hexUUID reads 32 lower-case digits; another text is none.
func hexUUID(text []byte) (high, low uint64, ok bool) {
	if len(text) != 32 {
		return 0, 0, false
	}
	for i := range 16 {
		a, b := hexDigits[text[i]], hexDigits[text[16+i]]
		if a == 0 || b == 0 {
			return 0, 0, false
		}
		high, low = high<<4|uint64(a-1), low<<4|uint64(b-1)
	}
	return high, low, true
}

// endpoint gives the number of the row's endpoint, 0 where there is no room.
func (w *briefWriter) endpoint(r *record.Record, l *record.Label) int32 {
	w.route = w.route[:0]
	if len(r.Path) > 0 {
		w.route = record.AppendRoute(w.route, r.Path)
	}
	vendor := ""
	if l != nil {
		vendor = l.Vendor
	}
	answered := len(r.Headers) > 0 || len(r.Body) > 0
	w.key = appendEndpointKey(w.key[:0], answered, vendor, r.Account, string(r.Direction), r.Vendor, r.Method, r.Host, w.route)
	if id := w.known[string(w.key)]; id != 0 {
		return id
	}
	if len(w.key) > endpointBytesMax {
		return 0
	}
	key := string(w.key)
	id := w.endpoints.number(key, func() endpoint {
		return endpoint{Vendor: vendor, Host: string(r.Host), Method: string(r.Method), Route: string(w.route),
			Direction: string(r.Direction), Account: r.Account, Answered: answered, NamedVendor: string(r.Vendor)}
	})
	if id != 0 {
		w.known[key] = id
	}
	return id
}
