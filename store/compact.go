package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/errscope/errscope/queries"
)

// compactEnding names the file that a database is written into anew, beside
// its own. Who holds the database is the only one who may touch it.
const compactEnding = ".compact"

// Compacted is the size of the file before and after, in bytes.
type Compacted struct {
	BeforeBytes, AfterBytes int64
}

// Compact writes the database into a fresh file and puts that in its place, so
// that the room of rows that went is given back. The new file appears whole or
// not at all, with the mode and owner of the old one; a kill or a full disk
// ([FullError]) leaves the old one as it was. The database is held meanwhile.
func Compact(ctx context.Context, path string, o Options) (Compacted, error) {
	path, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Compacted{}, fmt.Errorf("opening database: %w", ErrMissing)
	}
	if err != nil {
		return Compacted{}, fmt.Errorf("opening database: %w", err)
	}
	db, err := Open(ctx, path, Options{Wait: o.Wait, Jobs: o.Jobs})
	if err != nil {
		return Compacted{}, err
	}
	fresh := path + compactEnding
	done, err := db.compactInto(ctx, fresh)
	if err != nil {
		return Compacted{}, errors.Join(err, removeDatabase(fresh), db.Close())
	}
	return done, db.Close()
}

// compactInto copies everything to the file fresh and moves it over the
// database while that is still held, so that nobody writes into the old one
// meanwhile. A fresh file that is there already was left by a process that died.
func (db *DB) compactInto(ctx context.Context, fresh string) (done Compacted, err error) {
	if err := removeDatabase(fresh); err != nil {
		return done, err
	}
	if _, err := db.sql.ExecContext(ctx, "CHECKPOINT"); err != nil {
		return done, translate(db.path, "compacting", err)
	}
	before, err := os.Stat(db.path)
	if err != nil {
		return done, fmt.Errorf("compacting: %w", err)
	}
	if err := db.copyInto(ctx, fresh); err != nil {
		return done, err
	}
	if err := settle(fresh, before); err != nil {
		return done, fmt.Errorf("compacting database %s: %w", db.path, err)
	}
	after, err := os.Stat(fresh)
	if err != nil {
		return done, fmt.Errorf("compacting: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return done, err
	}
	if err := os.Rename(fresh, db.path); err != nil {
		return done, fmt.Errorf("compacting: %w", err)
	}
	db.replaced = true // the file that is open has no name any more
	return Compacted{before.Size(), after.Size()}, syncFolder(filepath.Dir(db.path))
}

// copyInto writes every table, view and function into another file, and makes
// sure that no row was lost on the way.
func (db *DB) copyInto(ctx context.Context, fresh string) error {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return translate(db.path, "compacting", err)
	}
	defer conn.Close()
	var name string
	if err := conn.QueryRowContext(ctx, "SELECT current_database()").Scan(&name); err != nil {
		return translate(db.path, "compacting", err)
	}
	names, err := askIn[queries.TableName](ctx, conn, queries.TableNames, nil)
	if err != nil {
		return translate(db.path, "compacting", err)
	}
	for _, step := range []string{
		fmt.Sprintf("SET GLOBAL memory_limit = '%dMB'", readMemoryMB),
		"ATTACH " + queries.QuoteText(fresh) + " AS errscope_fresh (STORAGE_VERSION " + queries.QuoteText(storageVersion) + ")",
		"COPY FROM DATABASE " + queries.QuoteName(name) + " TO errscope_fresh",
	} {
		if _, err := conn.ExecContext(ctx, step); err != nil {
			return translate(db.path, "compacting", err)
		}
	}
	for _, t := range names {
		var old, now int64
		query := "SELECT (SELECT count(*) FROM main." + queries.QuoteName(t.Name) + "), (SELECT count(*) FROM errscope_fresh.main." + queries.QuoteName(t.Name) + ")"
		if err := conn.QueryRowContext(ctx, query).Scan(&old, &now); err != nil {
			return translate(db.path, "compacting", err)
		}
		if old != now {
			return fmt.Errorf("compacting database %s: %d rows of %s became %d", db.path, old, t.Name, now)
		}
	}
	for _, step := range []string{"CHECKPOINT errscope_fresh", "DETACH errscope_fresh"} {
		if _, err := conn.ExecContext(ctx, step); err != nil {
			return translate(db.path, "compacting", err)
		}
	}
	return nil
}

// settle gives a file the mode and owner of another, and waits for the disk.
func settle(name string, like fs.FileInfo) error {
	if err := os.Chmod(name, like.Mode().Perm()); err != nil {
		return err
	}
	if err := chownLike(name, like); err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// removeDatabase removes a file and its log, where they are there.
func removeDatabase(path string) error {
	for _, name := range []string{path, path + ".wal"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing %s: %w", name, err)
		}
	}
	return nil
}

// syncFolder makes a rename last through a loss of power.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("syncing %s: %w", dir, err)
	}
	// Some file systems cannot sync a folder; the file itself is whole there.
	_ = f.Sync()
	return f.Close()
}
