package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/errscope/errscope/classify"
	"github.com/errscope/errscope/store"
)

// hintStale says where sources were labelled by other packs than those of now.
// It is a courtesy: what stands in its way is no error.
func (a *app) hintStale(ctx context.Context, db *store.DB) {
	now, err := classify.Load(ctx, a.settings.packs)
	if err != nil {
		return
	}
	sources, err := db.Sources(ctx)
	if err != nil {
		return
	}
	stale := int64(0)
	for _, s := range sources {
		if s.Records > 0 && isStale(s.PackVersions, now) {
			stale++
		}
	}
	if stale > 0 {
		fmt.Fprintf(a.err, "errscope: hint: %d of %s are labelled by other packs than those of now: errscope db reclassify\n",
			stale, counted(int64(len(sources)), "source"))
	}
}

// isStale compares what the ledger says of a source's packs with the packs of
// now. Packs that are not here now are somebody's own, named in another run.
func isStale(before string, now *classify.Set) bool {
	for _, p := range now.Packs() {
		if !strings.Contains(" "+before+" ", " "+p.Name()+"@"+p.Version()+" ") {
			return true
		}
	}
	return false
}
