package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/store"
)

// lease asks a database that others want to write to: the file is held only
// while a question runs, so that screens left open overnight do not keep the
// nightly ingest out. To open it again costs some 20 ms.
type lease struct {
	path string
	wait time.Duration
	// like is what sources are made after, but for the database.
	like source
	// parquet is the one file that SQL may write; see [parquetAside].
	parquet string

	mu    sync.Mutex
	db    *store.DB
	users int
	asked sync.WaitGroup // who has the database
}

// Overview implements tui.Source.
func (l *lease) Overview(ctx context.Context, s queries.Scope) (o queries.Overview, err error) {
	err = l.use(ctx, func(src source) (err error) { o, err = src.Overview(ctx, s); return err })
	return o, err
}

// Failures implements tui.Source.
func (l *lease) Failures(ctx context.Context, s queries.Scope) (groups []queries.FailureGroup, err error) {
	err = l.use(ctx, func(src source) (err error) { groups, err = src.Failures(ctx, s); return err })
	return groups, err
}

// Samples implements tui.Source.
func (l *lease) Samples(ctx context.Context, s queries.Scope, g queries.GroupKey, limit int) (rows []queries.Exchange, err error) {
	err = l.use(ctx, func(src source) (err error) { rows, err = src.Samples(ctx, s, g, limit); return err })
	return rows, err
}

// Version implements tui.Source: another size or time of the file or of its
// write-ahead log is another version.
func (l *lease) Version(context.Context) (int64, error) {
	version := int64(1)
	for _, path := range [...]string{l.path, l.path + ".wal"} {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, err
		}
		version = version*31 + info.ModTime().UnixNano() + info.Size()
	}
	return version, nil
}

// use runs ask on the open database; the last one to leave closes it.
func (l *lease) use(ctx context.Context, ask func(source) error) error {
	db, err := l.take(ctx)
	if err != nil {
		return err
	}
	src := l.like
	src.DB = db
	return errors.Join(ask(src), l.give())
}

// leave is called before the process ends. It waits for no question, since the
// database is only read, but where one has put rows aside on disk: only the end of
// the database takes those files away.
func (l *lease) leave() {
	if _, err := os.Stat(l.path + ".tmp"); err == nil {
		l.asked.Wait()
	}
}

func (l *lease) take(ctx context.Context) (*store.DB, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.db == nil {
		db, err := store.Open(ctx, l.path, store.Options{ReadOnly: true, Wait: l.wait, Output: l.parquet})
		if err != nil {
			return nil, err
		}
		l.db = db
	}
	l.users++
	l.asked.Add(1)
	return l.db, nil
}

func (l *lease) give() error {
	defer l.asked.Done()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.users--; l.users > 0 {
		return nil
	}
	db := l.db
	l.db = nil
	return db.Close()
}
