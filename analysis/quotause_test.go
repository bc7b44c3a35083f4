package analysis

import (
	"slices"
	"testing"

	"github.com/errscope/errscope/queries"
)

// TestQuotaUses joins calls to the allowance that the ledger counts them for:
// by the pack's routes, the vendor's own word, and the one account that is known.
func TestQuotaUses(t *testing.T) {
	place := func(route string) queries.QuotaPlace {
		return queries.QuotaPlace{RawVendor: "carsxe", RawHost: "api.carsxe.com", Route: route, Vendor: "carsxe"}
	}
	traffic := []queries.QuotaTraffic{
		{QuotaPlace: place("/specs"), Account: "a", Category: "success", Calls: 50, Cost: 50},
		{QuotaPlace: place("/specs"), Account: "a", Client: "10.0.0.7", Category: "quota", Calls: 4, Cost: 4, Refused: 4, Failed: 4},
		{QuotaPlace: place("/specs"), Account: "a", Client: "10.0.0.7", Category: "not_found", Calls: 3, Cost: 3, Failed: 3},
		{QuotaPlace: place("/specs"), Account: "b", Category: "success", Calls: 9, Cost: 9},
		{QuotaPlace: place("/v2/marketvalue"), Account: "a", Category: "success", Calls: 7, Cost: 7},
		{QuotaPlace: place("/v2/marketvalue"), Account: "a", Category: "success", Named: "specs", Calls: 1, Cost: 10},
		{QuotaPlace: place("/other"), Account: "a", Category: "success", Calls: 100, Cost: 100},
	}
	ledgers := []queries.QuotaLedger{{Vendor: "carsxe", Every: "month", Counts: "success,not_found", Routes: []queries.QuotaRoute{{Route: "specs", Name: "specs"}, {Route: "marketvalue", Name: "market_value"}}}}
	got := QuotaUses(queries.QuotaKey{Vendor: "carsxe", Account: "a", Name: "specs"}, traffic, nil, nil, ledgers, nil)
	want := []queries.QuotaUse{
		{Route: "/specs", Account: "a", Calls: 50, Cost: 50},
		{Route: "/v2/marketvalue", Account: "a", Calls: 1, Cost: 10},
		{Route: "/specs", Account: "a", Client: "10.0.0.7", Calls: 7, Cost: 3, Refused: 4, Failed: 7},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for i := range traffic {
		traffic[i].Account = ""
	}
	only := []queries.QuotaAccount{{Vendor: "carsxe", Account: "a"}}
	if got := QuotaUses(queries.QuotaKey{Vendor: "carsxe", Account: "a", Name: "market_value"}, traffic, nil, only, ledgers, nil); len(got) != 1 || got[0].Calls != 7 {
		t.Errorf("of an account that no call shows: %+v", got)
	}
	if got := QuotaUses(queries.QuotaKey{Vendor: "nobody"}, traffic, nil, nil, nil, nil); len(got) != 0 {
		t.Errorf("of a vendor that nobody knows: %+v", got)
	}
}
