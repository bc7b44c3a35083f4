package store

import (
	"context"
	"database/sql/driver"

	"github.com/errscope/errscope/queries"
)

// VendorInfo is what a pack says about reaching its vendor.
type VendorInfo struct {
	Vendor        string
	SupportFields string // what support asks for, as the pack lists it
	SupportURL    string
}

// RuleInfo is the advice of one rule.
type RuleInfo struct {
	Rule        string // "pack/rule", as in requests.rule
	Pack        string
	PackVersion string
	Action      string // one sentence
	DocsURL     string
	StatusRow   bool // says what a status means, whatever code or message came with it
}

// WritePacks puts the advice of the packs in use into the tables rules and
// vendors, in place of what stood there.
func (db *DB) WritePacks(ctx context.Context, vendors []VendorInfo, rules []RuleInfo) error {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	db.loading.Lock()
	defer db.loading.Unlock()
	return inTx(ctx, db, "writing packs to", func(tx transaction) error { return tx.writePacks(ctx, vendors, rules) })
}

func (tx transaction) writePacks(ctx context.Context, vendors []VendorInfo, rules []RuleInfo) error {
	if _, err := tx.exec(ctx, queries.PacksClear, nil); err != nil {
		return err
	}
	err := tx.fill(ctx, "rules", len(rules), func(i int) []driver.Value {
		r := rules[i]
		return []driver.Value{r.Rule, r.Pack, nullText(r.PackVersion), nullText(r.Action), nullText(r.DocsURL), r.StatusRow}
	})
	if err != nil {
		return err
	}
	return tx.fill(ctx, "vendors", len(vendors), func(i int) []driver.Value {
		v := vendors[i]
		return []driver.Value{v.Vendor, nullText(v.SupportFields), nullText(v.SupportURL)}
	})
}
