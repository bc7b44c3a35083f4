package store

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// Stored is what the database keeps of an exchange, to be labelled anew.
type Stored struct {
	// Draft holds what the label depends on, and nothing else. Its texts were
	// masked when they were stored. Where no path was kept, Path is the route.
	Draft record.Draft
	// Label is the label by which it is stored.
	Label record.Label
	// Format is that of the source, "" where sources of several formats share
	// what is stored.
	Format string
	// Whole says that all was kept on which the label depends. Of a success only
	// host, route and status are, unless it was loaded with --keep full.
	Whole bool
	// Answered says that headers or a body that were not kept may have told the
	// vendor.
	Answered bool
}

// Judge labels a stored exchange anew. It may change s.Draft.Direction. Both
// belong to the caller and are used again.
type Judge func(s *Stored, out *record.Label)

// Relabelling says what to label anew and by what.
type Relabelling struct {
	Judge Judge
	// Vendor restricts it to rows whose vendor it was or becomes; "" is all.
	Vendor string
	// Versions gives what the ledger says of the packs of a source from what it
	// said before.
	Versions func(before string) string
	// Vendors and Rules are the packs' advice, as for [DB.WritePacks].
	Vendors []VendorInfo
	Rules   []RuleInfo
	// DryRun changes nothing.
	DryRun bool
}

// Relabelled says what came of labelling anew.
type Relabelled struct {
	Rows    int64 // that were looked at
	Changed int64
	Changes []LabelChange // the most frequent first
	Sources int64         // whose packs are others in the ledger now
	// Thin are the rows that changed although headers, body or query that were
	// seen are not kept of them, so that a fresh load may find more.
	Thin int64
}

// LabelChange counts the rows that went from one rule to another. The rule of a
// success is "".
type LabelChange struct {
	OldVendor, OldRule string
	NewVendor, NewRule string
	Rows               int64
}

const (
	// relabelBlockRows is a step in which stored rows are counted.
	relabelBlockRows = 2048
	// relabelPageRows and relabelPageBytes bound what is held of them at a time,
	// unless one block has more.
	relabelPageRows  = 16 * relabelBlockRows
	relabelPageBytes = 16 << 20
	// relabelTextBytes is how much text DuckDB should have room for.
	relabelTextBytes = 128 << 20
)

// Relabel labels the stored rows anew, with the advice and versions of the
// packs, in one transaction: killed at any moment it leaves all or nothing.
// Fused rows are parted first, and the lines labelled one by one: the next
// [DB.Fuse] joins them again. What a row does not hold is left as it is: waits and quotas that a success
// told in headers stay, and so does the vendor that these told.
func (db *DB) Relabel(ctx context.Context, r Relabelling) (Relabelled, error) {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return Relabelled{}, err
	}
	defer end()
	db.loading.Lock()
	defer db.loading.Unlock()
	if err := db.makeRoom(ctx, relabelTextBytes); err != nil {
		return Relabelled{}, err
	}
	db.known = known{} // it tells of labels
	w := relabeller{Relabelling: r, changes: map[LabelChange]int64{}}
	err = inTx(ctx, db, "labelling anew", func(tx transaction) error {
		w.tx = tx
		if _, err := tx.part(ctx); err != nil {
			return err
		}
		if err := w.run(ctx); err != nil || !r.DryRun {
			return err
		}
		return errDryRun // fused rows stay
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return Relabelled{}, err
	}
	return w.result(), nil
}

// relabeller does the work of one [DB.Relabel].
type relabeller struct {
	Relabelling
	tx      transaction
	out     Relabelled
	changes map[LabelChange]int64
	stored  Stored
	label   record.Label
	batch   []relabelled
	moved   []readdressed
}

func (w *relabeller) run(ctx context.Context) error {
	if _, err := w.tx.exec(ctx, queries.RelabelBegin, nil); err != nil {
		return err
	}
	if err := w.fullRows(ctx); err != nil {
		return err
	}
	if err := w.briefRows(ctx); err != nil {
		return err
	}
	if w.out.Changed > 0 && !w.DryRun {
		if _, err := w.tx.exec(ctx, queries.RelabelWrite, nil); err != nil {
			return err
		}
		if _, err := w.tx.exec(ctx, queries.AnalysedForgetAll, nil); err != nil {
			return err
		}
	}
	if err := w.versions(ctx); err != nil {
		return err
	}
	if !w.DryRun {
		if err := w.tx.writePacks(ctx, w.Vendors, w.Rules); err != nil {
			return err
		}
	}
	_, err := w.tx.exec(ctx, queries.RelabelEnd, nil)
	return err
}

// fullRows labels requests_full, page by page.
func (w *relabeller) fullRows(ctx context.Context) error {
	blocks, err := askIn[struct {
		Block int64 `sql:"block"`
		Bytes int64 `sql:"bytes"`
	}](ctx, w.tx, queries.RelabelPages, args{"block_rows": relabelBlockRows})
	if err != nil {
		return err
	}
	for i := 0; i < len(blocks); {
		from, bytes := blocks[i].Block*relabelBlockRows, int64(0)
		to := from
		for i < len(blocks) && (to == from || bytes+blocks[i].Bytes <= relabelPageBytes && (blocks[i].Block+1)*relabelBlockRows-from <= relabelPageRows) {
			bytes += blocks[i].Bytes
			to = (blocks[i].Block + 1) * relabelBlockRows
			i++
		}
		if err := w.page(ctx, from, to); err != nil {
			return err
		}
	}
	return nil
}

func (w *relabeller) page(ctx context.Context, from, to int64) error {
	rows, err := askIn[storedRow](ctx, w.tx, queries.RelabelRows, args{"from_row": from, "to_row": to})
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].fill(&w.stored)
		if w.judge(1) {
			w.batch = append(w.batch, newRelabelled(rows[i].Row, &w.stored, &w.label))
		}
	}
	return w.flush(ctx)
}

// briefRows labels requests_brief, where rows of one endpoint and status have
// one label.
func (w *relabeller) briefRows(ctx context.Context) error {
	calls, err := askIn[storedCall](ctx, w.tx, queries.RelabelCalls, nil)
	if err != nil {
		return err
	}
	for len(calls) > 0 {
		n := 1
		for n < len(calls) && calls[n].ID == calls[0].ID {
			n++
		}
		w.calls(calls[:n])
		calls = calls[n:]
		if len(w.batch)+len(w.moved) >= relabelPageRows {
			if err := w.flush(ctx); err != nil {
				return err
			}
		}
	}
	return w.flush(ctx)
}

// calls labels the calls of one endpoint.
func (w *relabeller) calls(group []storedCall) {
	format := group[0].FirstFormat
	for _, c := range group {
		if c.FirstFormat != format || c.LastFormat != format {
			format = ""
		}
	}
	known := false
	for i := range group {
		c := &group[i]
		c.fill(&w.stored, format)
		if !w.judge(c.Calls) {
			continue
		}
		switch {
		case w.label.Category != "":
			next := newRelabelled(noRow, &w.stored, &w.label)
			next.endpoint, next.status = int32(c.ID), int16(c.Status)
			w.batch = append(w.batch, next)
		case !known: // it is the same for all that succeed
			known = true
			w.moved = append(w.moved, readdressed{int32(c.ID), w.label.Vendor, string(w.stored.Draft.Direction)})
		}
	}
}

// judge labels what is in w.stored and says whether that changes anything.
func (w *relabeller) judge(rows int64) bool {
	was := w.stored.Draft.Direction
	w.out.Rows += rows
	w.Judge(&w.stored, &w.label)
	w.stored.keep(&w.label)
	old := &w.stored.Label
	if was == w.stored.Draft.Direction && sameLabel(old, &w.label) {
		return false
	}
	if w.Vendor != "" && old.Vendor != w.Vendor && w.label.Vendor != w.Vendor {
		return false
	}
	w.out.Changed += rows
	if !w.stored.Whole && (w.stored.Answered || was != w.stored.Draft.Direction) {
		w.out.Thin += rows
	}
	change := LabelChange{OldVendor: old.Vendor, OldRule: old.Rule, NewVendor: w.label.Vendor, NewRule: w.label.Rule}
	w.changes[change] += rows
	return true
}

// versions brings the ledger up to date.
func (w *relabeller) versions(ctx context.Context) error {
	sources, err := askIn[Source](ctx, w.tx, queries.Sources, nil)
	if err != nil {
		return err
	}
	for _, s := range sources {
		next := w.Versions(s.PackVersions)
		if next == s.PackVersions {
			continue
		}
		w.out.Sources++
		if w.DryRun {
			continue
		}
		if _, err := w.tx.exec(ctx, queries.RelabelVersions, args{"source_id": s.ID, "pack_versions": nullText(next)}); err != nil {
			return err
		}
	}
	return nil
}

func (w *relabeller) result() Relabelled {
	for c, n := range w.changes {
		c.Rows = n
		w.out.Changes = append(w.out.Changes, c)
	}
	slices.SortFunc(w.out.Changes, func(a, b LabelChange) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.OldVendor, b.OldVendor), cmp.Compare(a.OldRule, b.OldRule),
			cmp.Compare(a.NewVendor, b.NewVendor), cmp.Compare(a.NewRule, b.NewRule))
	})
	return w.out
}
