package store

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/errscope/errscope/record"
)

// rowWriter turns records and labels into rows of requests_full: what of a
// record goes into which column, and what is left out of a success. It packs a
// row, so that it can wait, into bytes: the number of a column and its value,
// again and again, and rowEnd. vectors.unpack reads them.
type rowWriter struct {
	sourceID int64
	keepFull bool

	packed  []byte
	scratch []byte
	headers headerText
}

// rowEnd stands behind a packed row.
const rowEnd = 0xff

// write packs one row. A nil label says that nothing was decided.
func (w *rowWriter) write(r *record.Record, l *record.Label) {
	failure := l != nil && l.Category != ""
	w.call(r, failure || w.keepFull)
	if l != nil {
		w.word(colVendor, l.Vendor)
		if l.BodyStatus > 0 && l.BodyStatus <= math.MaxInt16 {
			w.small(colBodyStatus, int16(l.BodyStatus))
		}
		if failure {
			w.failure(l)
		}
		w.promise(l)
	}
	if failure || w.keepFull {
		id := r.RequestID
		if l != nil && l.RequestID != "" {
			w.scratch = append(w.scratch[:0], l.RequestID...)
			id = w.scratch
		}
		w.text(colRequestID, id)
		w.text(colHeaders, w.headers.write(r.Headers))
		w.text(colRequestHeaders, w.headers.write(r.RequestHeaders))
	}
	w.keys(r, l)
	w.packed = append(w.packed, rowEnd)
}

// keys packs the hashes of the ids, by which lines of one exchange are found.
func (w *rowWriter) keys(r *record.Record, l *record.Label) {
	if h := requestHash(r, l); h != 0 {
		w.uint(colRequestHash, h)
	}
	if h := idHash(r.ClientRequestID); h != 0 {
		w.uint(colClientRequestHash, h)
	}
	if h := idHash(r.SpanID); h != 0 {
		w.uint(colSpanHash, h)
	}
}

// call packs what the exchange itself says; long is for failures and for
// --keep full.
func (w *rowWriter) call(r *record.Record, long bool) {
	if r.TimeDigits != record.Absent {
		w.int(colTS, floorMicro(r.TimeNS))
	}
	w.text(colHost, r.Host)
	w.text(colMethod, r.Method)
	if len(r.Path) > 0 {
		w.scratch = record.AppendRoute(w.scratch[:0], r.Path)
		w.text(colRoute, w.scratch)
	}
	if r.Status >= 0 && r.Status <= math.MaxInt16 {
		w.small(colStatus, int16(r.Status))
	}
	w.text(colTraceID, r.TraceID)
	if r.RequestKey != 0 {
		w.uint(colRequestKey, r.RequestKey)
	}
	if r.DurationNS >= 0 {
		w.float(colDurationMS, float64(r.DurationNS)/1e6)
	}
	if r.Bytes >= 0 {
		w.int(colBytes, r.Bytes)
	}
	w.word(colAccount, r.Account)
	w.word(colDirection, string(r.Direction))
	w.int(colSourceID, w.sourceID)
	w.int(colSourceOffset, r.Offset)
	if !long {
		return
	}
	w.text(colPath, r.Path)
	w.text(colQuery, r.Query)
	w.text(colClientRequestID, r.ClientRequestID)
	w.text(colClient, r.Client)
	w.text(colUserAgent, r.UserAgent)
	w.text(colBody, r.Body)
	w.text(colUpstreamStatus, r.UpstreamStatus)
	w.text(colUpstreamHost, r.UpstreamHost)
	w.text(colTransportError, r.Failure)
	w.text(colNamedVendor, r.Vendor)
}

// failure packs the columns from category to rule.
func (w *rowWriter) failure(l *record.Label) {
	w.word(colCategory, string(l.Category))
	w.word(colCode, l.Code)
	w.word(colErrorType, l.Type)
	w.word(colMessage, l.Message)
	w.word(colRetry, string(l.Retry))
	w.time(colRetryAt, l.RetryAt)
	w.word(colFault, string(l.Fault))
	w.flag(colBenign, l.Benign)
	w.flag(colContactSupport, l.ContactSupport)
	w.flag(colOutage, l.Outage)
	w.word(colConfidence, string(l.Confidence))
	w.word(colRule, l.Rule)
}

// promise packs what the response said about waiting and about quotas, which
// successes say too.
func (w *rowWriter) promise(l *record.Label) {
	if len(l.Candidates) > 0 {
		w.word(colCandidates, strings.Join(l.Candidates, ","))
	}
	if l.RetryAfterS >= 0 {
		w.float(colRetryAfterS, l.RetryAfterS)
	}
	w.word(colRetrySource, l.RetrySource)
	w.word(colQuotaName, l.Quota.Name)
	if l.Quota.Limit >= 0 {
		w.int(colQuotaLimit, l.Quota.Limit)
	}
	if l.Quota.Used >= 0 {
		w.int(colQuotaUsed, l.Quota.Used)
	}
	if l.Quota.Remaining >= 0 {
		w.int(colQuotaRemaining, l.Quota.Remaining)
	}
	w.time(colQuotaResetAt, l.Quota.ResetAt)
	w.word(colQuotaBasis, string(l.Quota.Basis))
	w.word(colQuotaPeriod, l.Quota.Period)
	if l.Quota.Cost > 0 {
		w.int(colQuotaCost, l.Quota.Cost)
	}
}

// text packs a text, repaired where it is no UTF-8: a single bad byte would
// fail the whole INSERT. An empty one stays NULL.
func (w *rowWriter) text(col int, b []byte) {
	if len(b) == 0 {
		return
	}
	if !utf8.Valid(b) {
		b = bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	w.packed = binary.AppendUvarint(append(w.packed, byte(col)), uint64(len(b)))
	w.packed = append(w.packed, b...)
}

func (w *rowWriter) word(col int, s string) {
	if s == "" {
		return
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	w.packed = binary.AppendUvarint(append(w.packed, byte(col)), uint64(len(s)))
	w.packed = append(w.packed, s...)
}

func (w *rowWriter) time(col int, t time.Time) {
	if !t.IsZero() {
		w.int(col, t.UnixMicro())
	}
}

func (w *rowWriter) int(col int, n int64) { w.uint(col, uint64(n)) }

func (w *rowWriter) uint(col int, n uint64) {
	w.packed = binary.NativeEndian.AppendUint64(append(w.packed, byte(col)), n)
}

func (w *rowWriter) float(col int, x float64) { w.uint(col, math.Float64bits(x)) }

func (w *rowWriter) small(col int, n int16) {
	w.packed = binary.NativeEndian.AppendUint16(append(w.packed, byte(col)), uint16(n))
}

func (w *rowWriter) flag(col int, b bool) {
	n := byte(0)
	if b {
		n = 1
	}
	w.packed = append(w.packed, byte(col), n)
}

// unpack writes a packed row into a chunk of requests_full and gives what
// stands behind it.
func (v *vectors) unpack(row int, packed []byte) (rest []byte) {
	for {
		col := int(packed[0])
		packed = packed[1:]
		if col == rowEnd {
			return packed
		}
		switch fullColumns[col].kind {
		case duckdb.TYPE_VARCHAR:
			n, size := binary.Uvarint(packed)
			end := size + int(n)
			setText(v, col, row, packed[size:end])
			packed = packed[end:]
		case duckdb.TYPE_SMALLINT:
			v.setSmall(col, row, int16(binary.NativeEndian.Uint16(packed)))
			packed = packed[2:]
		case duckdb.TYPE_BOOLEAN:
			v.setBool(col, row, packed[0] == 1)
			packed = packed[1:]
		default: // all others take eight bytes
			v.setUint(col, row, binary.NativeEndian.Uint64(packed))
			packed = packed[8:]
		}
	}
}

// skipRow gives what stands behind a packed row.
func skipRow(packed []byte) (rest []byte) {
	for {
		col := int(packed[0])
		packed = packed[1:]
		if col == rowEnd {
			return packed
		}
		switch fullColumns[col].kind {
		case duckdb.TYPE_VARCHAR:
			n, size := binary.Uvarint(packed)
			packed = packed[size+int(n):]
		case duckdb.TYPE_SMALLINT:
			packed = packed[2:]
		case duckdb.TYPE_BOOLEAN:
			packed = packed[1:]
		default:
			packed = packed[8:]
		}
	}
}

// floorMicro rounds nanoseconds down, before 1970 too.
func floorMicro(ns int64) int64 {
	us := ns / 1000
	if ns%1000 < 0 {
		us--
	}
	return us
}
