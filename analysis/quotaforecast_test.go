package analysis

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
)

// foretold projects the end of an allowance that is asked for at an hour after
// june and has so much left; calls gives what each hour since the first uses.
func foretold(first, asked int, left int64, calls func(hour int) int64) queries.QuotaStatus {
	var hours []queries.QuotaHour
	used := left
	for h := first; h < asked; h++ {
		n := calls(h)
		if h >= 0 {
			used += n
		}
		hours = append(hours, quotaHour(h, n))
	}
	rows, _ := Quotas(QuotaInput{Hours: hours, Ledgers: carsxeLedger, AsOf: june.Add(time.Duration(asked) * time.Hour),
		Limits: []queries.QuotaLimit{{Vendor: "carsxe", Limit: used}}})
	return rows[len(rows)-1]
}

// useOf adds the calls of hours up.
func useOf(from, to int, calls func(hour int) int64) (sum int64) {
	for h := from; h < to; h++ {
		sum += calls(h)
	}
	return sum
}

// memory makes what chance gives the same whenever it is asked for.
func memory(calls func(hour int) int64) func(int) int64 {
	known := map[int]int64{}
	return func(hour int) int64 {
		n, ok := known[hour]
		if !ok {
			n = calls(hour)
			known[hour] = n
		}
		return n
	}
}

// TestForecastOf holds projections to what people expect of them when the use is
// not as even as it was.
func TestForecastOf(t *testing.T) {
	const weekHours = 7 * 24
	usual := func(r *rand.Rand, h int) int64 {
		return rhythmic(june.Add(time.Duration(h)*time.Hour), 100, r)
	}
	for _, c := range []struct {
		name         string
		first, asked int
		ends         int // hour at whose end nothing is left
		calls        func(r *rand.Rand, h int) int64
		most         float64 // of the time left
	}{
		{"three weeks, then two and a half times as much for four days", -3 * weekHours, 96, 96 + 72, func(r *rand.Rand, h int) int64 {
			if h >= 0 {
				return usual(r, h) * 5 / 2
			}
			return usual(r, h)
		}, 0.13},
		{"growth by a tenth a week", -3 * weekHours, 96, 96 + 72, func(r *rand.Rand, h int) int64 {
			return int64(float64(usual(r, h)) * math.Pow(1.1, float64(h)/weekHours))
		}, 0.13},
		{"one hour with twenty times as much", -3 * weekHours, 96, 96 + 72, func(r *rand.Rand, h int) int64 {
			if h == 58 {
				return 20 * usual(r, h)
			}
			return usual(r, h)
		}, 0.07},
		{"a job on Monday at three", -3 * weekHours, 6*24 + 12, weekHours + 4, func(r *rand.Rand, h int) int64 {
			if (h+30*weekHours)%weekHours == 3 {
				return usual(r, h) + 5000
			}
			return usual(r, h)
		}, 0.05},
		{"a job at every noon", -weekHours, 96, 96 + 13, func(r *rand.Rand, h int) int64 {
			if (h+30*weekHours)%24 == 12 {
				return usual(r, h) + 5000
			}
			return usual(r, h)
		}, 0.05},
	} {
		for seed := range uint64(6) {
			r := rand.New(rand.NewPCG(seed, 7))
			calls := memory(func(h int) int64 { return c.calls(r, h) })
			s := foretold(c.first, c.asked, useOf(c.asked, c.ends, calls), calls)
			wrong := s.ProjectedAt.Sub(june.Add(time.Duration(c.ends)*time.Hour)).Hours() / float64(c.ends-c.asked)
			if s.Outlook != queries.QuotaRunsOut || math.Abs(wrong) > c.most {
				t.Errorf("%s, seed %d: %s, wrong by %.3f of what was left", c.name, seed, s.Outlook, wrong)
			}
		}
	}
}

// TestForecastAfterDry: the days on which all calls were refused say nothing of what the next
// month will use.
func TestForecastAfterDry(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	calls := memory(func(h int) int64 { return rhythmic(june.Add(time.Duration(h)*time.Hour), 100, r) })
	var hours []queries.QuotaHour
	used := useOf(48, 48+72, calls)
	for h := -14 * 24; h < 48; h++ {
		one := quotaHour(h, calls(h))
		if h >= -5*24 && h < 0 {
			one = refusedHour(quotaHour(h, 0))
		}
		if h >= 0 {
			used += one.Counted
		}
		hours = append(hours, one)
	}
	rows, _ := Quotas(QuotaInput{Hours: hours, Ledgers: carsxeLedger, AsOf: june.Add(48 * time.Hour), Limits: []queries.QuotaLimit{{Vendor: "carsxe", Limit: used}}})
	s := rows[len(rows)-1]
	if wrong := s.ProjectedAt.Sub(june.Add(120*time.Hour)).Hours() / 72; math.Abs(wrong) > 0.05 {
		t.Errorf("wrong by %.3f of what was left", wrong)
	}
}

// TestForecastKnowingLittle: who has seen a day, or a few calls, says so by a wide
// interval; the same with weeks known is a narrow one.
func TestForecastKnowingLittle(t *testing.T) {
	for _, c := range []struct {
		name        string
		first       int
		perHour     float64
		least, most float64 // width of the interval, as a share of the three days that are left
	}{
		{"a day", 72, 100, 0.3, 30},
		{"three weeks", -17 * 24, 100, 0.02, 0.2},
		{"three weeks of a few calls", -17 * 24, 0.5, 0.25, 10},
	} {
		for seed := range uint64(6) {
			r := rand.New(rand.NewPCG(seed, 9))
			calls := memory(func(h int) int64 { return rhythmic(june.Add(time.Duration(h)*time.Hour), c.perHour, r) })
			s := foretold(c.first, 96, useOf(96, 96+72, calls), calls)
			to := s.ProjectedTo
			if to.IsZero() {
				to = s.PeriodEnd
			}
			if width := to.Sub(s.ProjectedFrom).Hours() / 72; s.ProjectedFrom.IsZero() || width < c.least || width > c.most {
				t.Errorf("%s, seed %d: from %v to %v is %.2f of what was left", c.name, seed, s.ProjectedFrom, s.ProjectedTo, width)
			}
		}
	}
}

// TestForecastInterval: eight ends in ten lie in their interval, also where days
// differ more than usual.
func TestForecastInterval(t *testing.T) {
	for _, c := range []struct {
		name   string
		spread float64 // of days
	}{{"even days", 0}, {"days that differ", 0.25}} {
		inside, asked := 0, 0
		for seed := range uint64(60) {
			r := rand.New(rand.NewPCG(seed, 11))
			days := map[int]float64{}
			calls := memory(func(h int) int64 {
				day := (h + 30*24) / 24
				if days[day] == 0 {
					days[day] = math.Exp(r.NormFloat64() * c.spread)
				}
				return rhythmic(june.Add(time.Duration(h)*time.Hour), 50*days[day], r)
			})
			for _, ahead := range []int{10, 30, 72} {
				s := foretold(-17*24, 100, useOf(100, 100+ahead, calls), calls)
				end := june.Add(time.Duration(100+ahead) * time.Hour)
				asked++
				if !end.Before(s.ProjectedFrom) && (s.ProjectedTo.IsZero() || !end.After(s.ProjectedTo)) {
					inside++
				}
			}
		}
		t.Logf("%s: %d of %d inside", c.name, inside, asked)
		if share := float64(inside) / float64(asked); share < 0.72 {
			t.Errorf("%s: %d of %d inside", c.name, inside, asked)
		}
	}
}

// BenchmarkForecast projects one allowance of four weeks in which the level
// changed, which takes the longest.
func BenchmarkForecast(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	var hours []queries.QuotaHour
	for h := -21 * 24; h < 7*24; h++ {
		n := rhythmic(june.Add(time.Duration(h)*time.Hour), 100, r)
		if h > 0 {
			n *= 3
		}
		hours = append(hours, quotaHour(h, n))
	}
	in := QuotaInput{Hours: hours, Ledgers: carsxeLedger, Limits: []queries.QuotaLimit{{Vendor: "carsxe", Limit: 100_000}}, AsOf: june.Add(7*24*time.Hour - time.Minute)}
	b.ReportAllocs()
	for b.Loop() {
		Quotas(in)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "quotas/s")
}
