package analysis

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
)

func TestRetries(t *testing.T) {
	start := time.Date(2026, 11, 16, 10, 0, 0, 0, time.UTC)
	minute := func(vendor string, at int, calls, retries int64) queries.RetryRow {
		return queries.RetryRow{Section: queries.RetryMinute, Vendor: vendor, Calls: calls, Retries: retries,
			First: start.Add(time.Duration(at) * time.Minute), Last: start.Add(time.Duration(at)*time.Minute + 59*time.Second)}
	}
	rows := []queries.RetryRow{
		{Section: queries.RetryTotal, Calls: 90, Retries: 300},
		{Section: queries.RetryVendor, Vendor: "calm", Retries: 200},
		{Section: queries.RetryVendor, Vendor: "needless", Retries: 100, Useless: 60, Helped: 1},
		{Section: queries.RetryGroup, Vendor: "calm", Code: "a", Retries: 5},
		{Section: queries.RetryGroup, Vendor: "calm", Code: "b", Retries: 5, Early: 2},
		{Section: queries.RetryChain, Vendor: "calm", Attempts: 3, First: start},
		{Section: queries.RetryChain, Vendor: "calm", Attempts: 9, First: start},
		minute("acme", 0, 2, 40), minute("acme", 1, 0, 60), minute("acme", 3, 1, 20), // one storm
		minute("acme", 30, 9, 27),   // too few
		minute("acme", 60, 40, 100), // three tries each are no storm
		minute("other", 1, 0, 90),
	}
	want := Retries(rows)
	if want.Total.Calls != 90 || want.Vendors[0].Vendor != "needless" || want.Groups[0].Code != "b" || want.Chains[0].Attempts != 9 {
		t.Errorf("got %+v", want)
	}
	storms := []queries.RetryStorm{
		{Vendor: "acme", First: start, Last: start.Add(3*time.Minute + 59*time.Second), Calls: 3, Retries: 120, PeakPerMinute: 60},
		{Vendor: "other", First: start.Add(time.Minute), Last: start.Add(time.Minute + 59*time.Second), Retries: 90, PeakPerMinute: 90},
	}
	if !reflect.DeepEqual(want.Storms, storms) {
		t.Errorf("storms %+v", want.Storms)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		if got := Retries(rows); !reflect.DeepEqual(got, want) {
			t.Fatalf("the order of the rows shows:\n got %+v\nwant %+v", got, want)
		}
	}
	if none := Retries(nil); !reflect.DeepEqual(none, queries.Retries{}) {
		t.Errorf("nothing gives %+v", none)
	}
}

func TestLatency(t *testing.T) {
	row := func(route string, failed bool, n int64, ms float64) queries.LatencyRow {
		return queries.LatencyRow{Vendor: "acme", Route: route, Whole: route == "", Failed: failed, Requests: n, Timed: n, MSP50: ms, MSP90: 2 * ms, MSP95: 3 * ms}
	}
	rows := []queries.LatencyRow{row("", false, 100, 50), row("", true, 30, 60), row("/late", false, 50, 50), row("/late", true, 30, 900),
		row("/few", false, 50, 50), row("/few", true, 3, 900), row("/only", true, 3, 900)}
	got := Latency(rows, []queries.LatencyWindow{
		{WindowID: 1, Usual: 60, Before: 20, UsualMSP50: 100, UsualMSP95: 300, BeforeMSP50: 151, BeforeMSP95: 900},
		{WindowID: 2, Usual: 60, Before: 20, UsualMSP50: 100, UsualMSP95: 300, BeforeMSP50: 149, BeforeMSP95: 900},
		{WindowID: 3, Usual: 60, Before: 5, UsualMSP50: 100, UsualMSP95: 300, BeforeMSP50: 900, BeforeMSP95: 900},
	})
	if len(got.Vendors) != 1 || len(got.Routes) != 3 || got.Vendors[0].FailsLate || !got.Routes[0].FailsLate || got.Routes[1].FailsLate ||
		got.Routes[2].Answers.Route != "/only" || got.Routes[2].Answers.Requests != 0 {
		t.Errorf("got %+v", got)
	}
	for _, w := range got.Windows {
		if w.Slowed != (w.WindowID == 1) {
			t.Errorf("window %d: %v", w.WindowID, w.Slowed)
		}
	}
}
