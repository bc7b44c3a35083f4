package store

import (
	"context"
	"database/sql/driver"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// storedRow is a row of requests_full, as far as its label goes.
type storedRow struct {
	Row            int64             `sql:"row_number"`
	TS             time.Time         `sql:"ts"`
	Vendor         string            `sql:"vendor"`
	Host           string            `sql:"host"`
	Method         string            `sql:"method"`
	Route          string            `sql:"route"`
	Path           string            `sql:"path"`
	Query          string            `sql:"query"`
	Status         int               `sql:"status,absent"`
	BodyStatus     int               `sql:"body_status"`
	Category       record.Category   `sql:"category"`
	Code           string            `sql:"code"`
	Type           string            `sql:"error_type"`
	Message        string            `sql:"message"`
	Retry          record.Retry      `sql:"retry"`
	RetryAt        time.Time         `sql:"retry_at"`
	Fault          record.Fault      `sql:"fault"`
	Benign         bool              `sql:"benign"`
	ContactSupport bool              `sql:"contact_support"`
	Outage         bool              `sql:"outage"`
	Confidence     record.Confidence `sql:"confidence"`
	Rule           string            `sql:"rule"`
	Candidates     string            `sql:"candidates"`
	RetryAfterS    float64           `sql:"retry_after_s,absent"`
	RetrySource    string            `sql:"retry_source"`
	RequestID      string            `sql:"request_id"`
	Direction      string            `sql:"direction"`
	QuotaName      string            `sql:"quota_name"`
	QuotaLimit     int64             `sql:"quota_limit,absent"`
	QuotaUsed      int64             `sql:"quota_used,absent"`
	QuotaRemaining int64             `sql:"quota_remaining,absent"`
	QuotaResetAt   time.Time         `sql:"quota_reset_at"`
	QuotaBasis     record.QuotaBasis `sql:"quota_basis"`
	QuotaPeriod    string            `sql:"quota_period"`
	QuotaCost      int64             `sql:"quota_cost"`
	Headers        string            `sql:"headers"`
	Body           string            `sql:"body"`
	UpstreamStatus string            `sql:"upstream_status"`
	UpstreamHost   string            `sql:"upstream_host"`
	TransportError string            `sql:"transport_error"`
	NamedVendor    string            `sql:"named_vendor"`
	Format         string            `sql:"format"`
}

// fill brings a stored row back into the form in which it was labelled.
func (r *storedRow) fill(s *Stored) {
	s.Label.Reset()
	l := &s.Label
	l.Vendor, l.Category, l.Code, l.Type, l.Message, l.Retry = r.Vendor, r.Category, r.Code, r.Type, r.Message, r.Retry
	l.RetryAt, l.Fault, l.Benign, l.ContactSupport, l.Outage = r.RetryAt, r.Fault, r.Benign, r.ContactSupport, r.Outage
	l.Confidence, l.Rule, l.RetryAfterS, l.RetrySource = r.Confidence, r.Rule, r.RetryAfterS, r.RetrySource
	l.RequestID, l.Status, l.BodyStatus = r.RequestID, r.Status, r.BodyStatus
	l.Quota = record.Quota{Name: r.QuotaName, Limit: r.QuotaLimit, Used: r.QuotaUsed, Remaining: r.QuotaRemaining, ResetAt: r.QuotaResetAt,
		Basis: r.QuotaBasis, Period: r.QuotaPeriod, Cost: r.QuotaCost}
	if r.Candidates != "" {
		l.Candidates = strings.Split(r.Candidates, ",")
	}
	s.Draft.Reset()
	d := &s.Draft
	d.Method, d.Host, d.Path, d.Query, d.Status = []byte(r.Method), []byte(r.Host), []byte(r.Path), []byte(r.Query), r.Status
	d.RequestID, d.Direction, d.Body = []byte(r.RequestID), record.Direction(r.Direction), []byte(r.Body)
	d.UpstreamStatus, d.UpstreamHost = []byte(r.UpstreamStatus), []byte(r.UpstreamHost)
	d.Failure, d.Vendor = []byte(r.TransportError), []byte(r.NamedVendor)
	if !r.TS.IsZero() {
		d.TimeNS, d.TimeDigits = r.TS.UnixNano(), 6 // microseconds, as it was stored
	}
	d.Headers = appendFields(d.Headers, r.Headers)
	s.Format, s.Answered = r.Format, true
	// A path is kept with the other texts, or none of them is.
	s.Whole = r.Path != "" || r.Route == "" && (r.Category != "" || r.Headers != "" || r.Body != "")
	if r.Path == "" {
		d.Path = []byte(r.Route)
	}
	if r.Category != "" && r.Status >= 100 && r.Status < 400 && r.Headers == "" && r.Body == "" && r.Query == "" && r.UpstreamStatus == "" {
		s.Whole = false // loaded when the status behind a proxy was not kept
	}
}

// appendFields reads what headerText wrote. A text that is no object has no
// fields.
func appendFields(dst []record.Header, text string) []record.Header {
	if text == "" {
		return dst
	}
	// The error says that it ended early; what came before counts.
	_, _ = jsonscan.Object([]byte(text), func(name, value []byte, kind jsonscan.Kind) bool {
		if kind == jsonscan.String {
			dst = append(dst, record.Header{Name: name, Value: jsonscan.Unquote(nil, value)})
		}
		return true
	})
	return dst
}

// storedCall is the calls of one endpoint with one status.
type storedCall struct {
	endpoint
	Status      int    `sql:"status,absent"`
	FirstFormat string `sql:"first_format"`
	LastFormat  string `sql:"last_format"`
	Calls       int64  `sql:"calls"`
}

func (c *storedCall) fill(s *Stored, format string) {
	s.Label.Reset()
	s.Label.Vendor, s.Label.Status = c.Vendor, c.Status
	s.Draft.Reset()
	d := &s.Draft
	d.Method, d.Host, d.Path, d.Status = []byte(c.Method), []byte(c.Host), []byte(c.Route), c.Status
	d.Direction, d.Vendor = record.Direction(c.Direction), []byte(c.NamedVendor)
	s.Format, s.Whole, s.Answered = format, false, c.Answered
}

// keep brings a new label into the form in which it is stored, and keeps of the
// old one what the row does not hold.
func (s *Stored) keep(l *record.Label) {
	old := &s.Label
	if !s.Whole {
		if old.Category != "" && l.Category == "" && s.Draft.Direction != record.Inbound {
			*l = *old
		}
		if !l.Quota.Stated() {
			l.Quota = old.Quota
		}
		if l.Quota.Cost == 0 { // the batch's items are not kept
			l.Quota.Cost = old.Quota.Cost
		}
		if l.RetryAfterS < 0 && l.RetrySource == "" {
			l.RetryAfterS, l.RetrySource = old.RetryAfterS, old.RetrySource
		}
		if l.BodyStatus == 0 {
			l.BodyStatus = old.BodyStatus
		}
	}
	if l.RequestID == "" {
		l.RequestID = old.RequestID
	}
	if l.Category == "" {
		l.Code, l.Type, l.Message, l.Retry, l.RetryAt, l.Fault = "", "", "", "", time.Time{}, ""
		l.Benign, l.ContactSupport, l.Outage, l.Confidence, l.Rule = false, false, false, "", ""
	}
	if l.BodyStatus > math.MaxInt16 {
		l.BodyStatus = 0
	}
	l.RetryAt, l.Quota.ResetAt = l.RetryAt.Truncate(time.Microsecond), l.Quota.ResetAt.Truncate(time.Microsecond)
	for _, text := range []*string{&l.Vendor, &l.Code, &l.Type, &l.Message, &l.Rule, &l.RetrySource, &l.RequestID, &l.Quota.Name, &l.Quota.Period} {
		*text = strings.ToValidUTF8(*text, "\uFFFD")
	}
}

// sameLabel compares what is stored of two labels.
func sameLabel(a, b *record.Label) bool {
	return a.Vendor == b.Vendor && a.Category == b.Category && a.Code == b.Code && a.Type == b.Type && a.Message == b.Message &&
		a.Retry == b.Retry && a.RetryAt.Equal(b.RetryAt) && a.Fault == b.Fault && a.Benign == b.Benign &&
		a.ContactSupport == b.ContactSupport && a.Outage == b.Outage && a.Confidence == b.Confidence && a.Rule == b.Rule &&
		a.BodyStatus == b.BodyStatus && a.RetryAfterS == b.RetryAfterS && a.RetrySource == b.RetrySource && a.RequestID == b.RequestID &&
		a.Quota.Name == b.Quota.Name && a.Quota.Limit == b.Quota.Limit && a.Quota.Used == b.Quota.Used &&
		a.Quota.Remaining == b.Quota.Remaining && a.Quota.ResetAt.Equal(b.Quota.ResetAt) &&
		a.Quota.Basis == b.Quota.Basis && a.Quota.Period == b.Quota.Period && a.Quota.Cost == b.Quota.Cost && slices.Equal(a.Candidates, b.Candidates)
}

// noRow stands where a change is of no row of requests_full.
const noRow = -1

// relabelled is a row of the temporary table of that name.
type relabelled struct {
	row        int64
	endpoint   int32
	status     int16
	direction  record.Direction
	label      record.Label
	candidates string
}

func newRelabelled(row int64, s *Stored, l *record.Label) relabelled {
	next := relabelled{row: row, direction: s.Draft.Direction, label: *l, candidates: strings.Join(l.Candidates, ",")}
	next.label.Candidates, next.label.Evidence = nil, nil // they belong to the labeler
	return next
}

// readdressed is a row of the temporary table of that name.
type readdressed struct {
	endpoint          int32
	vendor, direction string
}

// flush writes the changes that were gathered.
func (w *relabeller) flush(ctx context.Context) error {
	if !w.DryRun {
		if err := w.tx.fill(ctx, "relabelled", len(w.batch), func(i int) []driver.Value { return w.batch[i].values() }); err != nil {
			return err
		}
		err := w.tx.fill(ctx, "readdressed", len(w.moved), func(i int) []driver.Value {
			m := w.moved[i]
			return []driver.Value{m.endpoint, nullText(m.vendor), nullText(m.direction)}
		})
		if err != nil {
			return err
		}
	}
	w.batch, w.moved = w.batch[:0], w.moved[:0]
	return nil
}

// values are in the order of the table's columns.
func (r *relabelled) values() []driver.Value {
	l, failed := &r.label, r.label.Category != ""
	list := []driver.Value{nil, r.endpoint, r.status}
	if r.row != noRow {
		list = []driver.Value{r.row, nil, nil}
	}
	flag := func(b bool) driver.Value {
		if !failed {
			return nil
		}
		return b
	}
	var bodyStatus driver.Value
	if l.BodyStatus > 0 {
		bodyStatus = int16(l.BodyStatus)
	}
	return append(list, nullText(l.Vendor), nullText(string(r.direction)), bodyStatus, nullText(string(l.Category)), nullText(l.Code),
		nullText(l.Type), nullText(l.Message), nullText(string(l.Retry)), nullTime(l.RetryAt), nullText(string(l.Fault)), flag(l.Benign),
		flag(l.ContactSupport), flag(l.Outage), nullText(string(l.Confidence)), nullText(l.Rule), nullText(r.candidates),
		stated(l.RetryAfterS), nullText(l.RetrySource), nullText(l.RequestID), nullText(l.Quota.Name), stated(l.Quota.Limit),
		stated(l.Quota.Used), stated(l.Quota.Remaining), nullTime(l.Quota.ResetAt),
		nullText(string(l.Quota.Basis)), nullText(l.Quota.Period), positive(l.Quota.Cost), hashed(l.RequestID))
}

// hashed is the hash of an id, NULL for none.
func hashed(id string) driver.Value {
	if h := idHash([]byte(id)); h != 0 {
		return h
	}
	return nil
}

// positive is NULL for 0.
func positive(n int64) driver.Value {
	if n == 0 {
		return nil
	}
	return n
}

// stated is NULL for what is [record.Absent].
func stated[T int64 | float64](n T) driver.Value {
	if n < 0 {
		return nil
	}
	return n
}
