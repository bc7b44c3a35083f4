// Package analysis computes answers that are more than a query: rows in, rows
// out, in pure Go, without driver or I/O.
//
// Start with [Blame]. The promise: the same rows give the same answer, in the
// same order, and nothing is read or written elsewhere.
package analysis

import (
	"cmp"
	"slices"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// wholePermille is 100 %.
const wholePermille = 1000

// Blame splits failures among those who can remove the cause, largest first.
// The shares add up to exactly 1000 ‰ where there is any failure: what rounding
// leaves over goes to the largest remainders (Hamilton's method), so that a
// reader who adds up the column is never told 99.9 %.
func Blame(rows []queries.FaultRow) []queries.BlameRow {
	byFault := map[record.Fault]int64{}
	var total int64
	for _, r := range rows {
		byFault[r.Fault] += r.Failures
		total += r.Failures
	}
	if total == 0 {
		return nil
	}
	type part struct {
		row       queries.BlameRow
		remainder int64
	}
	parts := make([]part, 0, len(byFault))
	left := int64(wholePermille)
	for fault, n := range byFault {
		if n == 0 {
			continue
		}
		p := part{queries.BlameRow{Fault: fault, Failures: n, SharePermille: n * wholePermille / total}, n * wholePermille % total}
		left -= p.row.SharePermille
		parts = append(parts, p)
	}
	slices.SortFunc(parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(b.remainder, a.remainder), cmp.Compare(a.row.Fault, b.row.Fault))
	})
	for i := range left {
		parts[i].row.SharePermille++
	}
	slices.SortFunc(parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(b.row.Failures, a.row.Failures), cmp.Compare(a.row.Fault, b.row.Fault))
	})
	out := make([]queries.BlameRow, len(parts))
	for i, p := range parts {
		out[i] = p.row
	}
	return out
}
