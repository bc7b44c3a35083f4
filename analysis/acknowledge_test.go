package analysis

import (
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

func TestAcknowledge(t *testing.T) {
	at := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	change := func(vendor, host, code string, failures int64, category record.Category) queries.Change {
		return queries.Change{Kind: queries.ChangeMore, CodeChange: queries.CodeChange{Vendor: vendor, Host: host, Code: code, Failures: failures, Category: category}}
	}
	list := ActiveAcknowledgements([]queries.Acknowledgement{
		{Vendor: "carsxe", Code: "dry", Category: record.QuotaExhausted, PerDay: 100},
		{Vendor: "api.acme.example", PerDay: 10},
		{Vendor: "over", PerDay: 1e6, Until: at},
		{PerDay: 1e6},
	}, at)
	if len(list) != 2 {
		t.Fatalf("%d are active", len(list))
	}
	for _, c := range []struct {
		name string
		x    queries.Change
		days int
		news bool
	}{
		{"as before", change("carsxe", "", "dry", 150, record.QuotaExhausted), 1, false},
		{"grown", change("carsxe", "", "dry", 154, record.QuotaExhausted), 1, true},
		{"over a week", change("carsxe", "", "dry", 1000, record.QuotaExhausted), 7, false},
		{"changed", change("carsxe", "", "dry", 10, record.Billing), 1, true},
		{"another code", change("carsxe", "", "other", 1, record.QuotaExhausted), 1, true},
		{"a host", change(record.VendorUnknown, "api.acme.example", "any", 12, record.Server), 1, false},
		{"another host", change(record.VendorUnknown, "b.example", "any", 1, record.Server), 1, true},
		{"run out", change("over", "", "x", 1, record.Server), 1, true},
	} {
		got := Acknowledge(queries.Changes{List: []queries.Change{c.x}}, list, time.Duration(c.days)*24*time.Hour)
		if news := len(got.List) == 1; news != c.news || got.Acknowledged != int64(1-len(got.List)) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
