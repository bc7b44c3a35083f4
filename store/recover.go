package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/errscope/errscope/queries"
)

// leftover reports whether a process died before it closed the database: its
// write-ahead log is still there.
func leftover(path string) bool {
	info, err := os.Stat(path + ".wal")
	return err == nil && info.Size() > 0
}

// recover makes rows and ledger agree after a crash. Replaying the log does
// most of it, but DuckDB 1.5.5 keeps the row groups of a bulk INSERT whose
// commit mark was not yet written when the process died, while it forgets the
// ledger row of the same transaction. Such rows lie behind what the ledger
// says was loaded, or belong to no source. Where a source was being read anew
// they cannot be told apart; then all of it goes, and the next run loads it
// again. Fused rows are parted first, so that each line stands once, in its own
// row; the next analysis fuses them again.
func (db *DB) recover(ctx context.Context) error {
	err := inTx(ctx, db, "recovering", func(tx transaction) error {
		if _, err := tx.part(ctx); err != nil {
			return err
		}
		for _, step := range []queries.Name{queries.RecoverRowsBrief, queries.RecoverRowsFull, queries.RecoverPrints, queries.AnalysedForgetAll} {
			if _, err := tx.exec(ctx, step, nil); err != nil {
				return err
			}
		}
		doubtful, err := askIn[struct {
			ID int64 `sql:"source_id"`
		}](ctx, tx, queries.RecoverDoubtful, nil)
		if err != nil {
			return err
		}
		for _, s := range doubtful {
			whole := args{"source_id": s.ID, "source_offset": int64(0)}
			for _, step := range []queries.Name{queries.DropBrief, queries.DropFull, queries.DropRejects, queries.DropPrints, queries.DropDoubled, queries.DropSource} {
				if _, err := tx.exec(ctx, step, whole); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if _, err := db.sql.ExecContext(ctx, "CHECKPOINT"); err != nil {
		return translate(db.path, "recovering", err)
	}
	return nil
}

// writeFirst recovers and migrates a database that is to be opened for reading
// only. Where this user may not write it, it is left as it is.
func writeFirst(ctx context.Context, path string, o Options) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening database: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("opening database: %w", err)
	}
	db, err := Open(ctx, path, Options{Wait: o.Wait, Jobs: o.Jobs})
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return fmt.Errorf("recovering: %w", err)
	}
	return nil
}
