package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"slices"

	"github.com/errscope/errscope/queries"
)

// known is what a load has to know of the database, read once and kept up to
// date: nobody else writes to the file meanwhile.
type known struct {
	endpoints *endpoints // nil before it is read
	lastID    int64
	sources   map[int64]Source
	byHead    map[[32]byte][]int64 // the IDs, by headKey
	lengths   []int64              // the different Source.HeadBytes, in order
}

// read reads the ledger and the endpoints, unless that was done.
func (k *known) read(ctx context.Context, tx transaction) error {
	if k.endpoints != nil {
		k.endpoints.makeRoom()
		return nil
	}
	all, err := askIn[Source](ctx, tx, queries.Sources, nil)
	if err != nil {
		return err
	}
	next := known{sources: map[int64]Source{}, byHead: map[[32]byte][]int64{}}
	for _, s := range all {
		next.note(s)
	}
	if next.endpoints, err = tx.loadEndpoints(ctx); err != nil {
		return err
	}
	*k = next
	return nil
}

// note enters a source, or what became of it.
func (k *known) note(s Source) {
	if old, ok := k.sources[s.ID]; ok {
		head := old.headKey()
		k.byHead[head] = slices.DeleteFunc(k.byHead[head], func(id int64) bool { return id == s.ID })
	}
	k.sources[s.ID] = s
	k.byHead[s.headKey()] = append(k.byHead[s.headKey()], s.ID)
	if i, found := slices.BinarySearch(k.lengths, s.HeadBytes); !found {
		k.lengths = slices.Insert(k.lengths, i, s.HeadBytes)
	}
	k.lastID = max(k.lastID, s.ID)
}

// headKey is the head, of a source without one that of nothing.
func (s *Source) headKey() [32]byte {
	if s.HeadBytes == 0 {
		return sha256.Sum256(nil)
	}
	return s.Head
}

// candidates finds the sources that begin as head does, by ID.
func (k *known) candidates(head []byte) []Source {
	var list []Source
	hash := sha256.New()
	done := int64(0)
	for _, n := range k.lengths {
		if n > int64(len(head)) || n == 0 && len(head) > 0 {
			continue
		}
		_, _ = hash.Write(head[done:n]) // never fails, by its contract
		done = n
		for _, id := range k.byHead[[32]byte(hash.Sum(nil))] {
			if s := k.sources[id]; s.HeadBytes == n {
				list = append(list, s)
			}
		}
	}
	slices.SortFunc(list, func(a, b Source) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// Candidates lists the sources that begin as head does: those whose own head
// is no longer than it and has the same hash. Whether one of them is the same
// content is told by hashing its Bytes bytes against its SHA256. An empty head
// belongs to the sources that were empty. The ledger is read once, so that
// thousands of sources can be asked for one by one.
func (db *DB) Candidates(ctx context.Context, head []byte) ([]Source, error) {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	db.loading.Lock()
	defer db.loading.Unlock()
	if db.known.endpoints == nil {
		err := inTx(ctx, db, "reading the ledger of", func(tx transaction) error { return db.known.read(ctx, tx) })
		if err != nil {
			return nil, err
		}
	}
	return db.known.candidates(head), nil
}
