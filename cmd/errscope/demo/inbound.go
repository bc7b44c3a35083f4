package demo

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/errscope/errscope/record"
)

// callbackPath is where Smartcar Connect sends the owners' browsers back to.
const callbackPath = "/connect/smartcar/callback"

// connect is one outcome of Smartcar Connect. Errors and their descriptions are
// facts of its reference.
type connect struct {
	share   int
	query   string
	outcome *answer
}

var connects = []connect{
	{share: 70},
	{share: 10, query: described("access_denied", "User denied access to application."),
		outcome: &answer{code: "access_denied", category: record.EndUser, retry: record.RetryEndUserAction, fault: record.FaultEndUser}},
	{share: 6, query: described("invalid_subscription", "User does not have an active connected vehicle subscription."),
		outcome: &answer{code: "invalid_subscription", category: record.EndUser, retry: record.RetryEndUserAction, fault: record.FaultEndUser}},
	{share: 4, query: "error=no_vehicles", outcome: &answer{code: "no_vehicles", category: record.EndUser, retry: record.RetryEndUserAction, fault: record.FaultEndUser}},
	{share: 4, query: "error=vehicle_incompatible", outcome: &answer{code: "vehicle_incompatible", category: record.Unsupported, retry: record.RetryNever, fault: record.FaultNone}},
	{share: 2, query: "error=server_error", outcome: &answer{code: "server_error", category: record.Server, retry: record.RetryBackoff, fault: record.FaultVendor}},
}

func described(code, text string) string {
	return "error=" + code + "&error_description=" + url.PathEscape(text)
}

// page is a page of our own server.
type page struct {
	share          int
	method, target string
	status, size   int
}

var pages = []page{
	{30, "GET", "/", 200, 5120}, {22, "GET", "/vehicles", 200, 18200}, {12, "GET", "/assets/app.css", 304, 0},
	{10, "POST", "/login", 302, 0}, {8, "GET", "/valuation/new", 200, 7400}, {3, "GET", "/wp-login.php", 404, 548},
	{2, "POST", "/api/valuation", 500, 210}, {2, "POST", "/login", 401, 320},
}

// callbackPercent is how many of the requests to our server are callbacks.
const callbackPercent = 22

// writeInbound writes the access log of our own server: browsers, probes, and
// the redirects of Smartcar Connect.
func writeInbound(ctx context.Context, p *plan, s *sink) error {
	random := p.random(streamInbound)
	pageShares, connectShares := make([]int, len(pages)), make([]int, len(connects))
	for i, x := range pages {
		pageShares[i] = x.share
	}
	for i, x := range connects {
		connectShares[i] = x.share
	}
	spoilt := []broken{{behind: 40, line: ""}, {behind: 65, reason: "cut off", line: `198.51.100.9 - - [` + p.start.Format("02/Jan")}}
	usual := func(time.Time) uint64 { return 100 }
	return p.arrivals(ctx, random, inboundPerDay, usual, func(at time.Time) error {
		client := 2 + random.IntN(250)
		b := append(s.AvailableBuffer(), "198.51.100."...)
		b = strconv.AppendInt(b, int64(client), 10)
		s.truth.record(at)
		if random.IntN(100) < callbackPercent {
			c := &connects[pick(random, connectShares)]
			target := callbackPath + "?" + p.callback(s.truth, c)
			b = appendCombined(b, at, "GET", target, "2.0", 302, 0, "https://connect.smartcar.com/", browserAgent)
		} else {
			g := &pages[pick(random, pageShares)]
			b = appendCombined(b, at, g.method, g.target, "2.0", g.status, g.size, "-", browserAgent)
			p.truth.inbound++
		}
		s.Write(append(b, '\n'))
		s.spoil(spoilt)
		return nil
	})
}

const browserAgent = "Mozilla/5.0 (X11; Linux x86_64) DemoBrowser/1.0"

// callback counts a redirect and gives its query. Our server answers all of
// them with 302, the failed ones too.
func (p *plan) callback(f *FileTruth, c *connect) string {
	l := p.truth
	number := l.callbacks.Requests
	l.callbacks.Requests++
	l.vendors[smartcar.name].Requests++
	state := p.secrets.turn(p.secrets.callers, number)
	if c.outcome == nil {
		return "code=" + p.secrets.turn(p.secrets.callbackCodes, number) + "&state=" + state
	}
	l.callbacks.Failures++
	l.callbacks.ByError[c.outcome.code]++
	failed := *c.outcome
	failed.status = 302
	l.fail(f, l.vendors[smartcar.name], &failed, true)
	return c.query + "&state=" + state
}
