package queries

import (
	"time"

	"github.com/errscope/errscope/record"
)

// Acknowledgement says that somebody knows of a code and need not hear of it
// again until it grows or changes. It is configuration, not data: it is written
// by people, reviewed and shared with the rest of the configuration, holds for
// every database, and a report that only reads can honour it.
type Acknowledgement struct {
	Vendor   string          // or the host, where no pack knows the vendor
	Code     string          // or the type, where there is no code; "" is all codes
	Category record.Category // "" is any
	PerDay   float64         // failures a day that were acknowledged
	Until    time.Time       // zero is for good
	Note     string
}

// Covers reports whether a code of a vendor is meant.
func (a Acknowledgement) Covers(vendor, host, code, typ string) bool {
	if a.Vendor != vendor && (host == "" || a.Vendor != host) {
		return false
	}
	return a.Code == "" || a.Code == code || code == "" && a.Code == typ
}
