package store

import (
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// HeadBytesMax is how many bytes at the beginning of a source its head covers.
const HeadBytesMax = 4096

// Source is one row of the ledger: what was read of one source, and how far.
type Source struct {
	ID           int64     `sql:"source_id"` // 0 before it is first loaded
	Path         string    `sql:"path"`
	Format       string    `sql:"format"`
	Bytes        int64     `sql:"bytes"`  // decompressed bytes loaded so far
	SHA256       [32]byte  `sql:"sha256"` // of exactly these bytes
	Lines        int64     `sql:"lines"`
	Records      int64     `sql:"records"`
	Rejected     int64     `sql:"rejected"`
	Ignored      int64     `sql:"ignored"`
	Duplicates   int64     `sql:"duplicates"`
	FirstTS      time.Time `sql:"first_ts"` // UTC, zero where no record had a time
	LastTS       time.Time `sql:"last_ts"`
	IngestedAt   time.Time `sql:"ingested_at"` // of the newest segment
	PackVersions string    `sql:"pack_versions"`
	Notes        string    `sql:"notes"`    // what was assumed about year and zone, in words
	Complete     bool      `sql:"complete"` // read to its end as it was then
	Err          string    `sql:"error"`    // why it could not be read to its end, "" where it could
	Head         [32]byte  `sql:"head"`     // SHA-256 of the first HeadBytes bytes
	HeadBytes    int64     `sql:"head_bytes"`
	Compared     int64     `sql:"compared"` // bytes that were held against the other sources, see [DB.Hits]
	Pruned       int64     `sql:"pruned"`   // of the records, how many went by [DB.Prune]
}

// SetHead notes the beginning of the source's decompressed content, of which
// at most [HeadBytesMax] bytes count.
func (s *Source) SetHead(content []byte) {
	content = content[:min(len(content), HeadBytesMax)]
	s.Head, s.HeadBytes = sha256.Sum256(content), int64(len(content))
}

// RowReader gives the rows of one worker, and is called by one thread at a
// time. Record and label belong to the reader and hold until its next call;
// io.EOF ends. A nil label says that nothing was decided. A record that was
// not sealed is refused.
type RowReader interface {
	Next() (*record.Record, *record.Label, error)
}

// Segment is a stretch of one source, read by several workers at once.
type Segment struct {
	// From is where the segment begins in the decompressed source. Rows and
	// rejects of the source from there on make way first, in the same
	// transaction: a last line that has grown since, or, with 0, everything.
	From int64
	// TextBytes is about how much text the rows of the segment may hold, where
	// that is much, as with captured bodies: DuckDB must have it in memory until
	// the commit. 0 is little.
	TextBytes int64
	Readers   []RowReader
	// Finish is called once, after every reader came to its end, and says what
	// they met.
	Finish func() (SegmentEnd, error)
}

// SegmentEnd is what the ledger notes about a segment.
type SegmentEnd struct {
	// Bytes is where the segment ends in the decompressed source; SHA256 is that
	// of the source up to there.
	Bytes  int64
	SHA256 [32]byte
	// The counts and times are those of this segment alone; they are added to
	// the source's.
	Lines, Records, Rejected, Ignored, Duplicates int64
	FirstTS, LastTS                               time.Time

	Complete bool
	Err      string
	Rejects  []Reject
	// Prints are a few bits of every line, by which sources that overlap are
	// told; see [DB.LinePrints].
	Prints []byte
}

// Reject is a line that could not be read.
type Reject struct {
	Offset int64 // in the decompressed source
	Line   int64 // counts from 1
	Reason record.Reason
	Sample string // masked
}

// LoadSegment stores the rows of a segment and its ledger row in one
// transaction, and brings src up to date: a source without an ID gets one.
// With keepFull the long texts of successes are kept too. On an error, or when
// ctx ends, nothing of the segment is stored and src is as before; no reader
// is in use any more when LoadSegment returns. A full disk is a [FullError].
func (db *DB) LoadSegment(ctx context.Context, src *Source, seg Segment, keepFull bool) error {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	db.loading.Lock()
	defer db.loading.Unlock()
	if err := db.makeRoom(ctx, seg.TextBytes); err != nil {
		return err
	}
	next := *src
	err = inTx(ctx, db, "loading "+src.Path+" into", func(tx transaction) error {
		if err := db.known.read(ctx, tx); err != nil {
			return err
		}
		if next.ID == 0 {
			next.ID = db.known.lastID + 1
		} else if err := tx.makeWay(ctx, &next, seg.From); err != nil {
			return err
		}
		g := &segment{ctx: ctx, sourceID: next.ID, keepFull: keepFull, endpoints: db.known.endpoints,
			workers: len(seg.Readers), readers: slices.Clone(seg.Readers), spool: &db.spool}
		if err := tx.loadRows(ctx, g); err != nil {
			return err
		}
		if err := tx.storeEndpoints(ctx, g.endpoints); err != nil {
			return err
		}
		found, err := seg.Finish()
		if err != nil {
			return fmt.Errorf("finishing the segment: %w", err)
		}
		next.add(found)
		if err := tx.storePrints(ctx, next.ID, seg.From, found.Prints); err != nil {
			return err
		}
		return tx.note(ctx, &next, src.ID == 0, found.Rejects)
	})
	if err != nil {
		db.known = known{} // it may tell of what was not stored
		return err
	}
	db.known.note(next)
	if next.Complete {
		db.spool.shrink()
	}
	*src = next
	return nil
}

// makeWay takes away what is stored of a source from an offset on, and brings
// its ledger row down by as much.
func (tx transaction) makeWay(ctx context.Context, s *Source, from int64) error {
	if from >= s.Bytes {
		return nil
	}
	if err := tx.partStretch(ctx, s.ID, from, sourceEnd); err != nil {
		return err
	}
	var rows, rejects int64
	for _, drop := range []struct {
		name  queries.Name
		count *int64
	}{{queries.DropBrief, &rows}, {queries.DropFull, &rows}, {queries.DropRejects, &rejects}} {
		n, err := tx.exec(ctx, drop.name, args{"source_id": s.ID, "source_offset": from})
		if err != nil {
			return err
		}
		*drop.count += n
	}
	doubled, err := tx.forgetLines(ctx, s, from)
	if err != nil {
		return err
	}
	if from > 0 && rows == 0 && rejects > 0 && !doubled { // of a line that could not be read nothing was made
		_, err = tx.exec(ctx, queries.AnalysedBack, args{"source_id": s.ID, "source_offset": from})
	} else {
		err = tx.forgetAnalysed(ctx, s.ID)
	}
	if err != nil {
		return err
	}
	if from == 0 {
		s.Lines, s.Records, s.Rejected, s.Ignored, s.Duplicates, s.Pruned = 0, 0, 0, 0, 0, 0
		s.FirstTS, s.LastTS = time.Time{}, time.Time{}
		return nil
	}
	// It was one line, cut off where the source ended then.
	switch {
	case doubled:
		s.Duplicates -= max(rows, rejects, 1)
	case rows > 0:
		s.Records -= rows
	case rejects == 0 && s.Pruned > 0:
		s.Records--
		s.Pruned--
	case rejects > 0 || s.Ignored == 0: // not every rejected line has a row
		rejects = max(rejects, 1)
		s.Rejected -= rejects
	default:
		s.Ignored--
	}
	s.Lines -= max(rows, rejects, 1)
	return nil
}

// forgetLines forgets from an offset on what is known of the lines of a
// source. It says whether the line there was taken away as doubled.
func (tx transaction) forgetLines(ctx context.Context, s *Source, from int64) (doubled bool, err error) {
	s.Compared = min(s.Compared, from)
	place := args{"source_id": s.ID, "source_offset": from}
	dropped := int64(0)
	for _, step := range []queries.Name{queries.DropPrints, queries.DropDoubled, queries.CutDoubled} {
		n, err := tx.exec(ctx, step, place)
		if err != nil {
			return false, err
		}
		if step != queries.DropPrints {
			dropped += n
		}
	}
	return dropped > 0, nil
}

// storePrints keeps the prints of a segment that begins at from.
func (tx transaction) storePrints(ctx context.Context, sourceID, from int64, prints []byte) error {
	if len(prints) == 0 {
		return nil
	}
	return tx.fill(ctx, "line_prints", 1, func(int) []driver.Value { return []driver.Value{sourceID, from, prints} })
}

// loadRows pulls every reader empty.
func (tx transaction) loadRows(ctx context.Context, g *segment) error {
	defer g.stop()
	reads := g.keepFull // does the next full pass read on?
	for g.left() > 0 || g.spool.len() > 0 {
		before := g.left()
		rows := int64(0)
		if !reads {
			p := &pass{segment: g}
			if err := tx.runPass(ctx, queries.LoadBrief, p); err != nil {
				return err
			}
			rows += p.given.Load()
			reads = g.left() > 0 && p.outnumbered
		}
		if reads || g.spool.len() > 0 {
			p := &pass{segment: g, full: true, reads: reads, shares: g.spool.shares(reads || g.left() == 0)}
			if err := tx.runPass(ctx, queries.LoadFull, p); err != nil {
				return err
			}
			if len(p.shares) > 0 {
				return errors.New("storing rows: nobody came for all of the spool")
			}
			rows += p.given.Load()
			reads = g.keepFull
		}
		if rows == 0 && g.left() == before {
			return errors.New("storing rows: nobody came for them")
		}
	}
	return nil
}

// runPass runs the INSERT of a pass.
func (tx transaction) runPass(ctx context.Context, name queries.Name, p *pass) error {
	text, err := queries.Load(name)
	if err != nil {
		return err
	}
	done, err := tx.ExecContext(context.WithValue(ctx, passKey{}, p), text.SQL)
	if err != nil {
		if cause := p.cause(); cause != nil {
			return cause // the error itself, not DuckDB's retelling
		}
		return fmt.Errorf("storing rows: %w", err)
	}
	stored, err := done.RowsAffected()
	if err != nil {
		return fmt.Errorf("storing rows: %w", err)
	}
	if given := p.given.Load(); stored != given {
		return fmt.Errorf("storing rows: %d were read but %d stored", given, stored)
	}
	return nil
}

// textRoom is how often DuckDB holds a text while its row is on the way to the
// file: in the chunk, in the row group, and compressed (measured, rounded up).
const textRoom = 4

// makeRoom lets DuckDB take the memory that a segment with much text needs. It
// is not taken back: the checkpoint at the end and questions need it as well.
func (db *DB) makeRoom(ctx context.Context, textBytes int64) error {
	needMB := int(textBytes*textRoom>>20) + memoryLimitMB(Options{Jobs: db.jobs})
	if needMB <= db.memoryMB {
		return nil
	}
	if _, err := db.sql.ExecContext(ctx, fmt.Sprintf("SET GLOBAL memory_limit = '%dMB'", needMB)); err != nil {
		return translate(db.path, "making room in", err)
	}
	db.memoryMB = needMB
	return nil
}

// add moves the ledger row on by a segment.
func (s *Source) add(e SegmentEnd) {
	s.Bytes, s.SHA256 = e.Bytes, e.SHA256
	s.Lines += e.Lines
	s.Records += e.Records
	s.Rejected += e.Rejected
	s.Ignored += e.Ignored
	s.Duplicates += e.Duplicates
	if !e.FirstTS.IsZero() && (s.FirstTS.IsZero() || e.FirstTS.Before(s.FirstTS)) {
		s.FirstTS = e.FirstTS.UTC()
	}
	if e.LastTS.After(s.LastTS) {
		s.LastTS = e.LastTS.UTC()
	}
	s.Complete, s.Err = e.Complete, e.Err
	s.IngestedAt = time.Now().UTC().Truncate(time.Microsecond)
}

// note writes the ledger row and the rejects.
func (tx transaction) note(ctx context.Context, s *Source, isNew bool, rejects []Reject) error {
	name := queries.LoadSourceAgain
	if isNew {
		name = queries.LoadSource
	}
	if _, err := tx.exec(ctx, name, s.args()); err != nil {
		return err
	}
	return tx.fill(ctx, "rejects", len(rejects), func(i int) []driver.Value {
		r := rejects[i]
		return []driver.Value{s.ID, r.Offset, r.Line, string(r.Reason), nullText(strings.ToValidUTF8(r.Sample, "\uFFFD"))}
	})
}

func (s *Source) args() args {
	valid := func(text string) any { return nullText(strings.ToValidUTF8(text, "\uFFFD")) }
	return args{
		"source_id": s.ID, "path": valid(s.Path), "format": valid(s.Format), "bytes": s.Bytes,
		"sha256": hex.EncodeToString(s.SHA256[:]), "lines": s.Lines, "records": s.Records, "rejected": s.Rejected,
		"ignored": s.Ignored, "duplicates": s.Duplicates, "first_ts": nullTime(s.FirstTS), "last_ts": nullTime(s.LastTS),
		"ingested_at": s.IngestedAt, "pack_versions": valid(s.PackVersions), "notes": valid(s.Notes), "complete": s.Complete,
		"error": valid(s.Err), "head": hex.EncodeToString(s.Head[:]), "head_bytes": s.HeadBytes, "compared": s.Compared,
		"pruned": s.Pruned,
	}
}

// Sources lists the ledger, by ID.
func (db *DB) Sources(ctx context.Context) ([]Source, error) {
	return ask[Source](ctx, db, queries.Sources, nil)
}
