package store

import (
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/errscope/errscope/queries"
)

// QuotaRules is what is known of allowances from packs and the configuration.
type QuotaRules struct {
	Ledgers []queries.QuotaLedger
	Limits  []queries.QuotaLimit
}

// QuotaWork computes what SQL cannot; package analysis has it.
type QuotaWork struct {
	// Calls joins places to allowances.
	Calls func(places []queries.QuotaPlace, named []queries.QuotaNamed, only []queries.QuotaAccount) []queries.QuotaCall
	// Resets gives the beginnings of periods that lie within an hour of the span; nil
	// gives none.
	Resets func(calls []queries.QuotaCall, from, to time.Time) []queries.QuotaReset
	// Status gives the rows of the periods that begin at from or later.
	Status func(hours []queries.QuotaHour, before []queries.QuotaStatus, from, asOf time.Time) ([]queries.QuotaStatus, []queries.QuotaPoint)
}

const (
	stepQuota = "quota"
	// quotaForm changes with how hours are counted: what was counted before is then
	// counted anew.
	quotaForm = 2
	// quotaBack is how far before the hours that are counted anew the periods begin
	// that are computed anew, and quotaRhythm how far before these the hours
	// are read, for limits and the rhythm of the week.
	quotaBack   = 31 * 24 * time.Hour
	quotaRhythm = 28 * 24 * time.Hour
)

// CountQuotas brings quota_hours, quota_status and quota_history up to date with
// the rows: the hours that have new ones are counted anew, and the periods from
// there on computed anew, in one transaction. Where the rules have changed, or
// rows that were counted are gone, everything is.
func (db *DB) CountQuotas(ctx context.Context, rules QuotaRules, work QuotaWork) error {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	db.loading.Lock()
	defer db.loading.Unlock()
	return inTx(ctx, db, "counting quotas of", func(tx transaction) error {
		q := quotaStep{tx: tx, rules: rules, work: work}
		return q.run(ctx)
	})
}

// quotaStep is one run of [DB.CountQuotas].
type quotaStep struct {
	tx      transaction
	rules   QuotaRules
	work    QuotaWork
	named   []queries.QuotaNamed
	only    []queries.QuotaAccount
	pending []Pending
	anew    bool
	print   string
	span    quotaSpan
}

type quotaSpan struct {
	First time.Time `sql:"first_hour"`
	Last  time.Time `sql:"last_hour"`
	AsOf  time.Time `sql:"as_of"`
}

func (q *quotaStep) run(ctx context.Context) (err error) {
	if q.pending, q.anew, err = q.tx.pending(ctx, stepQuota); err != nil {
		return err
	}
	if q.named, err = askIn[queries.QuotaNamed](ctx, q.tx, queries.QuotaNames, nil); err != nil {
		return err
	}
	if q.only, err = askIn[queries.QuotaAccount](ctx, q.tx, queries.QuotaAccounts, nil); err != nil {
		return err
	}
	if err := q.compareRules(ctx); err != nil {
		return err
	}
	if len(q.pending) == 0 && !q.anew {
		return nil
	}
	for _, step := range [...]func(context.Context) error{q.dirty, q.count, q.compute} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if _, err := q.tx.exec(ctx, queries.QuotaEnd, nil); err != nil {
		return err
	}
	return q.tx.markAnalysed(ctx, stepQuota, q.pending)
}

// compareRules tells whether the hours were counted by other rules.
func (q *quotaStep) compareRules(ctx context.Context) error {
	named := slices.Clone(q.named)
	for i := range named {
		named[i].Answers = 0 // their order decides, not their number
	}
	text, err := json.Marshal(struct {
		Form  int
		Rules QuotaRules
		Named []queries.QuotaNamed
		Only  []queries.QuotaAccount
	}{quotaForm, q.rules, named, q.only})
	if err != nil {
		return fmt.Errorf("writing the rules of quotas: %w", err)
	}
	sum := sha256.Sum256(text)
	q.print = hex.EncodeToString(sum[:])
	had, err := askIn[struct {
		Fingerprint string `sql:"fingerprint"`
	}](ctx, q.tx, queries.QuotaFingerprint, nil)
	if err != nil || len(had) == 1 && had[0].Fingerprint == q.print {
		return err
	}
	q.anew = true
	if _, err := q.tx.exec(ctx, queries.QuotaUnnote, nil); err != nil {
		return err
	}
	_, err = q.tx.exec(ctx, queries.QuotaNote, args{"fingerprint": q.print})
	return err
}

// dirty finds the hours that have to be counted.
func (q *quotaStep) dirty(ctx context.Context) error {
	if _, err := q.tx.exec(ctx, queries.QuotaBegin, nil); err != nil {
		return err
	}
	if q.anew {
		if _, err := q.tx.exec(ctx, queries.QuotaDirtyAll, nil); err != nil {
			return err
		}
	} else {
		err := q.tx.fill(ctx, "quota_pending", len(q.pending), func(i int) []driver.Value {
			p := q.pending[i]
			return []driver.Value{p.SourceID, p.FromOffset, p.ToOffset}
		})
		if err != nil {
			return err
		}
		least := args{"source_id": int64(math.MaxInt64), "source_offset": int64(math.MaxInt64)}
		for _, p := range q.pending {
			least["source_id"] = min(least["source_id"].(int64), p.SourceID)
			least["source_offset"] = min(least["source_offset"].(int64), p.FromOffset)
		}
		if err := q.tx.execFilled(ctx, queries.QuotaDirty, least); err != nil {
			return err
		}
	}
	spans, err := askIn[quotaSpan](ctx, q.tx, queries.QuotaSpan, nil)
	if err != nil {
		return err
	}
	q.span = spans[0]
	return nil
}

// count counts the calls of those hours.
func (q *quotaStep) count(ctx context.Context) error {
	if q.span.First.IsZero() {
		return nil
	}
	over := args{"since": q.span.First, "until": q.span.Last.Add(time.Hour)}
	places, err := askIn[queries.QuotaPlace](ctx, q.tx, queries.QuotaPlaces, over)
	if err != nil {
		return err
	}
	calls := q.work.Calls(places, q.named, q.only)
	err = q.tx.fill(ctx, "quota_places", len(calls), func(i int) []driver.Value {
		c := &calls[i]
		return []driver.Value{c.RawVendor, c.RawHost, c.Route, c.Vendor, c.Host, c.Name, c.Counts, c.Account}
	})
	if err != nil {
		return err
	}
	if q.work.Resets != nil {
		resets := q.work.Resets(calls, q.span.First, q.span.Last.Add(time.Hour))
		err := q.tx.fill(ctx, "quota_resets", len(resets), func(i int) []driver.Value {
			r := &resets[i]
			return []driver.Value{r.Vendor, r.Host, r.Name, r.At}
		})
		if err != nil {
			return err
		}
	}
	if err := q.tx.execFilled(ctx, queries.QuotaCount, over); err != nil {
		return err
	}
	told, err := askIn[struct {
		Hours int64 `sql:"hours"`
	}](ctx, q.tx, queries.QuotaTold, nil)
	if err != nil || told[0].Hours == 0 {
		return err
	}
	return q.tx.execFilled(ctx, queries.QuotaCountTold, over)
}

// compute works out the periods that the hours belong to, and those since.
func (q *quotaStep) compute(ctx context.Context) error {
	all, err := askIn[queries.QuotaStatus](ctx, q.tx, queries.QuotaNow, nil)
	if err != nil {
		return err
	}
	from := q.span.First
	for i := range all { // a period that was not over may be now
		if start := all[i].PeriodStart; all[i].Outlook != queries.QuotaPast && !all[i].PeriodEnd.IsZero() && start.Before(from) {
			from = start
		}
	}
	from = from.Add(-quotaBack)
	if q.anew || q.span.First.IsZero() {
		from = time.Unix(0, 0).UTC()
	}
	before := slices.DeleteFunc(all, func(s queries.QuotaStatus) bool { return !s.PeriodStart.Before(from) })
	hours, err := askIn[queries.QuotaHour](ctx, q.tx, queries.QuotaHours, args{"since": from.Add(-quotaRhythm)})
	if err != nil {
		return err
	}
	status, points := q.work.Status(hours, before, from, q.span.AsOf)
	if err := q.tx.execFilled(ctx, queries.QuotaForget, args{"since": from}); err != nil {
		return err
	}
	return q.write(ctx, status, points)
}

func (q *quotaStep) write(ctx context.Context, status []queries.QuotaStatus, points []queries.QuotaPoint) error {
	err := q.tx.fill(ctx, "quota_status", len(status), func(i int) []driver.Value {
		s := &status[i]
		return []driver.Value{s.Vendor, nullText(s.Host), nullText(s.Account), nullText(s.Name), nullTime(s.PeriodStart), nullTime(s.PeriodEnd),
			stated(s.Limit), stated(s.Used), stated(s.Remaining), number(s.BurnPerHour), nullTime(s.ExhaustedAt), nullTime(s.ProjectedAt), s.Basis,
			string(s.Outlook), nullTime(s.ProjectedFrom), nullTime(s.ProjectedTo), nullTime(s.AsOf), number(s.BurnPerHour1h), number(s.BurnPerHour7d),
			s.Counted, s.Unexplained, s.Refusals, nullTime(s.LimitStatedAt)}
	})
	if err != nil {
		return err
	}
	return q.tx.fill(ctx, "quota_history", len(points), func(i int) []driver.Value {
		p := &points[i]
		return []driver.Value{p.Vendor, nullText(p.Host), nullText(p.Account), nullText(p.Name), nullTime(p.PeriodStart), nullTime(p.Hour), p.Used,
			stated(p.Limit), p.Basis}
	})
}

// number is NULL for what is no number.
func number(x float64) driver.Value {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return x
}

// QuotaStatus tells how the allowances stand, the newest period first.
func (db *DB) QuotaStatus(ctx context.Context) ([]queries.QuotaStatus, error) {
	return ask[queries.QuotaStatus](ctx, db, queries.QuotaNow, nil)
}

// RatePressure tells where rate limits bite, the hardest first.
func (db *DB) RatePressure(ctx context.Context, s queries.Scope) ([]queries.RatePressure, error) {
	a := scopeArgs(s)
	a["limit"] = queries.StandingMax
	return ask[queries.RatePressure](ctx, db, queries.RatePressures, a)
}
