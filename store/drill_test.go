package store

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// TestExchangesOfEveryGroup: the exchanges of a group are those that it counts,
// and each can be had whole by its place.
func TestExchangesOfEveryGroup(t *testing.T) {
	ctx := context.Background()
	db := callsDB(t)
	groups, err := db.Failures(ctx, queries.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range groups {
		lines, err := db.Exchanges(ctx, queries.Scope{}, g.GroupKey)
		if err != nil || int64(len(lines)) != g.Failures || lines[0].TS != g.Last {
			t.Errorf("%+v: %d exchanges, error %v, want %d", g.GroupKey, len(lines), err, g.Failures)
			continue
		}
		for i, l := range lines {
			if i > 0 && l.TS.After(lines[i-1].TS) {
				t.Errorf("%+v: an exchange of %v comes after one of %v", g.GroupKey, l.TS, lines[i-1].TS)
			}
			whole, err := db.Exchange(ctx, l.Place)
			if err != nil || len(whole) != 1 || whole[0].TS != l.TS || whole[0].RequestID != l.RequestID || whole[0].Code != l.Code || whole[0].SourcePath != "t.log" {
				t.Errorf("the exchange at %+v is %+v, error %v", l.Place, whole, err)
			}
		}
	}
	if whole, err := db.Exchange(ctx, queries.Place{SourceID: 99}); err != nil || len(whole) > 0 {
		t.Errorf("an exchange of nowhere is %+v, error %v", whole, err)
	}
}

// carCalls is one request that fails twice and succeeds, between other calls.
func carCalls() *given {
	var g given
	call := func(at, path string, status int, trace string) {
		g.add(func(d *record.Draft) {
			d.Offset = int64(len(g.recs) * 100)
			when, _ := time.Parse(time.DateTime, day+" "+at)
			d.TimeNS, d.TimeDigits, d.Direction, d.Host, d.Method = when.UnixNano(), 0, record.Outbound, []byte("api.example"), []byte("GET")
			d.Path, d.Status, d.TraceID = []byte(path), status, []byte(trace)
		}, func(l *record.Label) {
			if status >= 400 {
				l.Failure, l.Category, l.Retry, l.Fault, l.Code = true, record.State, record.RetryBackoff, record.FaultVendor, "ASLEEP"
			}
			l.Vendor = "v"
		})
		g.recs[len(g.recs)-1].RequestKey = map[string]uint64{"/car/1": 1<<63 + 1, "/car/2": 2, "/token": 3}[path]
	}
	call("08:00:00", "/car/1", 200, "") // too long before
	call("15:40:35", "/car/1", 409, "")
	call("15:41:00", "/car/2", 409, "")
	call("15:41:07", "/car/1", 409, "4bf92f3577b34da6a3ce929d0e0e4736")
	call("15:41:08", "/token", 200, "4bf92f3577b34da6a3ce929d0e0e4736")
	call("15:42:08", "/car/1", 200, "")
	call("15:43:00", "/car/2", 200, "")
	return &g
}

// TestNeighbours finds the same request before and after, and what shares its
// trace, whether it failed or not.
func TestNeighbours(t *testing.T) {
	ctx := context.Background()
	db := testDB(t)
	load(t, db, false, carCalls())
	groups, err := db.Failures(ctx, queries.Scope{})
	if err != nil || len(groups) != 1 {
		t.Fatalf("%d groups, error %v", len(groups), err)
	}
	samples, err := db.Samples(ctx, queries.Scope{}, groups[0].GroupKey, 10)
	if err != nil || len(samples) != 3 {
		t.Fatalf("%d samples, error %v", len(samples), err)
	}
	near, err := db.Neighbours(ctx, samples[0])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range near {
		s := n.TS.Format(time.TimeOnly) + " " + strconv.Itoa(n.Status)
		if n.SameRequest {
			s += " request"
		}
		if n.SameTrace {
			s += " trace"
		}
		if n.Failed() {
			s += " failed"
		}
		got = append(got, s)
	}
	want := "15:40:35 409 request failed|15:41:07 409 request trace failed|15:41:08 200 trace|15:42:08 200 request"
	if strings.Join(got, "|") != want {
		t.Errorf("of %+v the neighbours are %s\nwant %s", samples[0], strings.Join(got, "|"), want)
	}
	if near, err := db.Neighbours(ctx, queries.Exchange{}); err != nil || len(near) > 0 {
		t.Errorf("an exchange without a time has neighbours %+v, error %v", near, err)
	}
}

// TestRightNow: the trends hold every failure that has a time, and the span
// before is counted where there is one.
func TestRightNow(t *testing.T) {
	ctx := context.Background()
	db := callsDB(t)
	now, err := db.RightNow(ctx, queries.Scope{})
	if err != nil || now.Compared || now.Before != nil {
		t.Fatalf("everything is compared with %+v, error %v", now.Before, err)
	}
	o, err := db.Overview(ctx, queries.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	var failures, drawn int64
	for _, f := range now.Trends {
		failures += f.Failures
		for _, n := range f.Trend {
			drawn += n
		}
	}
	if failures != o.Totals.Failures || drawn != failures-2 || len(now.Trends) != len(o.Faults) {
		t.Errorf("the trends count %d failures and draw %d, the totals %d", failures, drawn, o.Totals.Failures)
	}
	now, err = db.RightNow(ctx, queries.Scope{Since: clock(t, "10:30:00"), Until: clock(t, "11:00:00")})
	if err != nil || !now.Compared {
		t.Fatalf("compared %v, error %v", now.Compared, err)
	}
	var before int64
	for _, f := range now.Before {
		before += f.Failures
	}
	if before != 3 { // 10:00 to 10:30
		t.Errorf("%d failures in the span before, want 3", before)
	}
	if now, err = db.RightNow(ctx, queries.Scope{Since: clock(t, "09:00:00")}); err != nil || now.Compared {
		t.Errorf("what begins before the data is compared with nothing, error %v", err)
	}
}

// TestVendorBoard: its parts count what the vendors' rows count.
func TestVendorBoard(t *testing.T) {
	ctx := context.Background()
	db := callsDB(t)
	b, err := db.VendorBoard(ctx, queries.Scope{Since: clock(t, "10:00:00")})
	if err != nil {
		t.Fatal(err)
	}
	type sum struct{ requests, failures, outage int64 }
	of := map[string]sum{}
	for _, s := range b.Slots {
		v := of[s.Vendor+" "+s.Host]
		v.requests += s.Requests
		v.failures += s.Failures
		if s.Outage {
			v.outage += s.Failures
		}
		of[s.Vendor+" "+s.Host] = v
	}
	rows, err := db.Vendors(ctx, queries.Scope{Since: clock(t, "10:00:00")})
	if err != nil || len(rows) != len(of) {
		t.Fatalf("%d vendors, the slots have %d, error %v", len(rows), len(of), err)
	}
	for _, v := range rows {
		name := v.Vendor + " "
		if v.Vendor == record.VendorUnknown || v.Vendor == record.VendorGeneric {
			name = " " + v.Host
		}
		if got, want := of[name], (sum{v.Requests, v.Failures, v.Outage}); got != want {
			t.Errorf("%s: the slots count %+v, the row %+v", name, got, want)
		}
	}
	var codes []string
	for _, c := range b.Codes {
		if c.Vendor == "carsxe" {
			codes = append(codes, c.Part+" "+c.Name+" "+strconv.FormatInt(c.Failures, 10))
		}
	}
	if got, want := strings.Join(codes, "|"), "code too_many 3|code 0 1|code T1 2"; !strings.HasPrefix(got, "code too_many 3|") || !strings.Contains(got, "route ") {
		t.Errorf("carsxe fails with %s, not %s", got, want)
	}
	if len(b.Packs) != 1 || b.Packs[0].Vendor != "carsxe" {
		t.Errorf("packs %+v", b.Packs)
	}
}

// TestDrillIntoNothing asks an empty database.
func TestDrillIntoNothing(t *testing.T) {
	ctx := context.Background()
	db := testDB(t)
	if b, err := db.VendorBoard(ctx, queries.Scope{}); err != nil || len(b.Slots) > 0 {
		t.Errorf("board %+v, error %v", b, err)
	}
	if now, err := db.RightNow(ctx, queries.Scope{Since: clock(t, "10:00:00")}); err != nil || now.Compared || len(now.Trends) > 0 {
		t.Errorf("right now %+v, error %v", now, err)
	}
	if r, err := db.Rejects(ctx); err != nil || len(r) > 0 {
		t.Errorf("rejects %+v, error %v", r, err)
	}
}
