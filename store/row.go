package store

import (
	"bytes"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/duckdb/duckdb-go/v2/mapping"
	"github.com/errscope/errscope/record"
)

// rowWriter turns records and labels into rows of requests_full: what of a
// record goes into which column, and what is left out of a success.
type rowWriter struct {
	sourceID int64
	keepFull bool

	vectors vectors
	n       int // rows in the chunk
	scratch []byte
	headers headerText
}

// begin turns to a new chunk.
func (w *rowWriter) begin(chunk mapping.DataChunk) error {
	w.n = 0
	return w.vectors.attach(chunk, fullColumns)
}

// full says that no row more fits.
func (w *rowWriter) full() bool {
	return w.n == w.vectors.size || len(w.vectors.block) >= chunkBytesMax
}

// end completes the chunk and says how many rows it has.
func (w *rowWriter) end() (int, error) { return w.n, w.vectors.place() }

// write adds one row. A nil label says that nothing was decided.
func (w *rowWriter) write(r *record.Record, l *record.Label) {
	v, row := &w.vectors, w.n
	w.n++
	failure := l != nil && l.Category != ""
	w.call(row, r, failure || w.keepFull)
	if l != nil {
		w.word(colVendor, row, l.Vendor)
		if l.BodyStatus > 0 && l.BodyStatus <= math.MaxInt16 {
			v.setSmall(colBodyStatus, row, int16(l.BodyStatus))
		}
		if failure {
			w.failure(row, l)
		}
		w.promise(row, l)
	}
	if !failure && !w.keepFull {
		return
	}
	id := r.RequestID
	if l != nil && l.RequestID != "" {
		w.scratch = append(w.scratch[:0], l.RequestID...)
		id = w.scratch
	}
	w.text(colRequestID, row, id)
	w.text(colHeaders, row, w.headers.write(r.Headers))
	w.text(colRequestHeaders, row, w.headers.write(r.RequestHeaders))
}

// call writes what the exchange itself says; long is for failures and for
// --keep full.
func (w *rowWriter) call(row int, r *record.Record, long bool) {
	v := &w.vectors
	if r.TimeDigits != record.Absent {
		v.setInt(colTS, row, floorMicro(r.TimeNS))
	}
	w.text(colHost, row, r.Host)
	w.text(colMethod, row, r.Method)
	if len(r.Path) > 0 {
		w.scratch = record.AppendRoute(w.scratch[:0], r.Path)
		w.text(colRoute, row, w.scratch)
	}
	if r.Status >= 0 && r.Status <= math.MaxInt16 {
		v.setSmall(colStatus, row, int16(r.Status))
	}
	w.text(colTraceID, row, r.TraceID)
	if r.RequestKey != 0 {
		v.setUint(colRequestKey, row, r.RequestKey)
	}
	if r.DurationNS >= 0 {
		v.setFloat(colDurationMS, row, float64(r.DurationNS)/1e6)
	}
	if r.Bytes >= 0 {
		v.setInt(colBytes, row, r.Bytes)
	}
	w.word(colAccount, row, r.Account)
	w.word(colDirection, row, string(r.Direction))
	v.setInt(colSourceID, row, w.sourceID)
	v.setInt(colSourceOffset, row, r.Offset)
	if !long {
		return
	}
	w.text(colPath, row, r.Path)
	w.text(colQuery, row, r.Query)
	w.text(colClientRequestID, row, r.ClientRequestID)
	w.text(colClient, row, r.Client)
	w.text(colUserAgent, row, r.UserAgent)
	w.text(colBody, row, r.Body)
}

// failure writes the columns from category to rule.
func (w *rowWriter) failure(row int, l *record.Label) {
	v := &w.vectors
	w.word(colCategory, row, string(l.Category))
	w.word(colCode, row, l.Code)
	w.word(colErrorType, row, l.Type)
	w.word(colMessage, row, l.Message)
	w.word(colRetry, row, string(l.Retry))
	w.time(colRetryAt, row, l.RetryAt)
	w.word(colFault, row, string(l.Fault))
	v.setBool(colBenign, row, l.Benign)
	v.setBool(colContactSupport, row, l.ContactSupport)
	v.setBool(colOutage, row, l.Outage)
	w.word(colConfidence, row, string(l.Confidence))
	w.word(colRule, row, l.Rule)
}

// promise writes what the response said about waiting and about quotas, which
// successes say too.
func (w *rowWriter) promise(row int, l *record.Label) {
	v := &w.vectors
	if len(l.Candidates) > 0 {
		w.word(colCandidates, row, strings.Join(l.Candidates, ","))
	}
	if l.RetryAfterS >= 0 {
		v.setFloat(colRetryAfterS, row, l.RetryAfterS)
	}
	w.word(colRetrySource, row, l.RetrySource)
	w.word(colQuotaName, row, l.Quota.Name)
	if l.Quota.Limit >= 0 {
		v.setInt(colQuotaLimit, row, l.Quota.Limit)
	}
	if l.Quota.Used >= 0 {
		v.setInt(colQuotaUsed, row, l.Quota.Used)
	}
	if l.Quota.Remaining >= 0 {
		v.setInt(colQuotaRemaining, row, l.Quota.Remaining)
	}
	w.time(colQuotaResetAt, row, l.Quota.ResetAt)
}

// text writes a text, repaired where it is no UTF-8: a single bad byte would
// fail the whole INSERT.
func (w *rowWriter) text(col, row int, b []byte) {
	if !utf8.Valid(b) {
		b = bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	setText(&w.vectors, col, row, b)
}

func (w *rowWriter) word(col, row int, s string) {
	if s == "" {
		return
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	setText(&w.vectors, col, row, s)
}

func (w *rowWriter) time(col, row int, t time.Time) {
	if !t.IsZero() {
		w.vectors.setInt(col, row, t.UnixMicro())
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
