package demo

import (
	"context"
	"strconv"
	"time"

	"github.com/errscope/errscope/record"
)

// Streams of random numbers, one for each program that writes logs.
const (
	streamEgress = iota + 1
	streamECS
	streamOTel
	streamHAR
	streamInbound
)

const (
	commonLogTime = "02/Jan/2006:15:04:05 +0000"

	egressPerDay  = 265
	inboundPerDay = 55
)

// The egress proxy logs every call of the web front: no bodies, but host,
// times, upstream and our own request id. Its first day is rotated away.
func writeEgressRotated(ctx context.Context, p *plan, s *sink) error {
	return egress(ctx, p, s, streamEgress, window{p.start, p.start.AddDate(0, 0, 1)}, []broken{
		{behind: 60, reason: "cut off", line: `10.20.0.4 - - [` + p.start.Format(commonLogTime) + `] "GET /specs?vin=DEM0`},
	})
}

func writeEgress(ctx context.Context, p *plan, s *sink) error {
	day := p.start.AddDate(0, 0, 1)
	if p.days == 1 {
		return nil // all of it has been rotated
	}
	s.WriteString("# opened after rotation\n")
	s.truth.Lines++
	s.truth.Ignored++
	return egress(ctx, p, s, streamEgress, window{day, p.end()}, []broken{
		{behind: 12, line: ""},
		{behind: 31, reason: "garbage", line: "kernel: proxy[812]: segfault at 0 ip 00007f1c sp 00007ffd error 4"},
		{behind: 58, reason: "cut off", line: `10.20.0.7 - - [` + day.Format(commonLogTime) + `] "GET /v3/vehicles/`},
		{behind: 74, line: "   "},
		{behind: 90, reason: "NUL bytes", line: "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"},
		{behind: 120, reason: "garbage", line: "\xc3\x28\xa0\xa1 \xe2\x28\xa1 upstream \xff\xfe"},
	})
}

// egress draws the traffic of all days and writes that of the window: the same
// numbers for both files, so that neither repeats the other.
func egress(ctx context.Context, p *plan, s *sink, stream uint64, in window, spoilt []broken) error {
	c := &caller{plan: p, random: p.random(stream), carsxe: p.secrets.carsxeWeb, shares: []int{34, 22, 16, 18, 16}}
	// Several random numbers belong to each call: what is not written is drawn.
	return p.arrivals(ctx, c.random, egressPerDay, c.boost, func(at time.Time) error {
		x := c.call(at)
		if !in.has(at) {
			return nil
		}
		hidden := retried(x, s.truth.Records+1)
		if hidden {
			failed := *x
			failed.answer = &answer{status: x.status, category: record.Upstream, retry: record.RetryBackoff, fault: record.FaultUpstream}
			p.truth.add(s.truth, &failed)
		} else {
			p.truth.add(s.truth, x)
		}
		s.Write(appendEgress(s.AvailableBuffer(), c, x, s.truth.Records))
		s.spoil(spoilt)
		return nil
	})
}

// appendEgress writes nginx's combined format and what operators add to it:
// host, request time, upstream address, status and time, request id.
func appendEgress(b []byte, c *caller, x *exchange, number int64) []byte {
	b = append(b, "10.20.0."...)
	b = strconv.AppendInt(b, 2+number%9, 10)
	b = appendCombined(b, x.at, x.route.method, x.target(), "1.1", x.status, x.bytes, "-", webAgent(number))
	b = append(b, ` "`...)
	b = append(b, x.host...)
	b = append(b, `" `...)
	b = appendSeconds(b, x.took)
	b = append(b, ' ')
	switch {
	case x.status == 499:
		b = append(b, x.vendor.peer+" - -"...)
	case retried(x, number):
		// The proxy tried twice, and the second try hid the failure.
		half := x.took / 2
		b = append(b, x.vendor.peer+", "+x.vendor.peer+" 502, "...)
		b = strconv.AppendInt(b, int64(x.status), 10)
		b = append(b, ' ')
		b = appendSeconds(b, half)
		b = append(b, ", "...)
		b = appendSeconds(b, x.took-half)
	default:
		b = append(b, x.vendor.peer...)
		b = append(b, ' ')
		b = strconv.AppendInt(b, int64(x.status), 10)
		b = append(b, ' ')
		b = appendSeconds(b, x.took)
	}
	b = append(b, ' ')
	b = append(b, x.trace...)
	return append(b, '\n')
}

// retried reports whether the proxy got a 502 from CarsXE first, and hid it by
// trying again: the vendor's failure all the same.
func retried(x *exchange, number int64) bool {
	return x.answer == nil && x.vendor == carsxe && number%47 == 7
}

// webAgent is the user agent; one in a while has bytes that are no UTF-8.
func webAgent(number int64) string {
	if number%400 == 99 {
		return "valuation-web/2.3 (M\xfcnchen)"
	}
	return "valuation-web/2.3"
}

// appendCombined writes what follows the client's address, up to the agent.
func appendCombined(b []byte, at time.Time, method, target, version string, status, size int, referer, agent string) []byte {
	b = append(b, " - - ["...)
	b = at.AppendFormat(b, commonLogTime)
	b = append(b, `] "`...)
	b = append(b, method...)
	b = append(b, ' ')
	b = append(b, target...)
	b = append(b, " HTTP/"...)
	b = append(b, version...)
	b = append(b, `" `...)
	b = strconv.AppendInt(b, int64(status), 10)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(size), 10)
	b = append(b, ` "`...)
	b = append(b, referer...)
	b = append(b, `" "`...)
	b = append(b, agent...)
	return append(b, '"')
}

// appendSeconds writes nginx's seconds with three decimals.
func appendSeconds(b []byte, d time.Duration) []byte {
	ms := d.Milliseconds()
	b = strconv.AppendInt(b, ms/1000, 10)
	return append(b, '.', byte('0'+ms/100%10), byte('0'+ms/10%10), byte('0'+ms%10))
}
