package demo

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"
)

// The rhythm is kept in whole numbers: floating point is not the same on all
// machines.

// hourWeights is the day of a company in one time zone, in percent of the mean.
var hourWeights = [24]uint64{22, 16, 14, 14, 18, 30, 55, 95, 150, 185, 190, 180, 150, 165, 185, 190, 180, 160, 125, 95, 75, 60, 44, 32}

// dayWeights are Sunday to Saturday, in percent.
var dayWeights = [7]uint64{45, 118, 120, 118, 116, 112, 60}

// latencyWeights are sixteen equally likely latencies, in percent of the
// median: most are near it, few are long.
var latencyWeights = [16]int{45, 58, 66, 74, 81, 88, 95, 100, 105, 112, 122, 138, 165, 215, 320, 560}

func (p *plan) random(stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(p.seed, stream))
}

// arrivals calls emit for each call of a file, in order of time. boost gives
// percent of the usual traffic for a minute.
func (p *plan) arrivals(ctx context.Context, random *rand.Rand, perDay uint64, boost func(time.Time) uint64, emit func(time.Time) error) error {
	// One call a minute is this weight.
	const whole = 24 * 60 * 100 * 100 * 100 * 1000
	var at []int64
	for minute := p.start; minute.Before(p.end()); minute = minute.Add(time.Minute) {
		if err := ctx.Err(); err != nil {
			return err
		}
		weight := perDay * hourWeights[minute.Hour()] * dayWeights[minute.Weekday()] * boost(minute) * p.permille
		calls := weight / whole
		if random.Uint64N(whole) < weight%whole {
			calls++
		}
		at = at[:0]
		for range calls {
			at = append(at, random.Int64N(60_000))
		}
		slices.Sort(at)
		for _, ms := range at {
			if err := emit(minute.Add(time.Duration(ms) * time.Millisecond)); err != nil {
				return err
			}
		}
	}
	return nil
}

// took draws a latency around the median, in whole milliseconds.
func took(random *rand.Rand, medianMS int) time.Duration {
	ms := medianMS * latencyWeights[random.IntN(len(latencyWeights))] / 100
	return time.Duration(ms+random.IntN(medianMS/8+1)+1) * time.Millisecond
}

// pick draws an index by its share.
func pick(random *rand.Rand, shares []int) int {
	total := 0
	for _, s := range shares {
		total += s
	}
	n := random.IntN(total)
	for i, s := range shares {
		if n < s {
			return i
		}
		n -= s
	}
	return len(shares) - 1
}

const (
	hexDigits = "0123456789abcdef"
	alnum     = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
	vinLetter = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
)

func word(random *rand.Rand, letters string, n int) string {
	w := make([]byte, n)
	for i := range w {
		w[i] = letters[random.IntN(len(letters))]
	}
	return string(w)
}

func uuid(random *rand.Rand) string {
	h := []byte(word(random, hexDigits, 32))
	h[12], h[16] = '4', "89ab"[random.IntN(4)]
	return string(h[:8]) + "-" + string(h[8:12]) + "-" + string(h[12:16]) + "-" + string(h[16:20]) + "-" + string(h[20:])
}

// vin invents a vehicle: no maker has the identifier DEM.
func vin(random *rand.Rand) string { return "DEM0" + word(random, vinLetter, 13) }

// plate invents a licence plate.
func plate(random *rand.Rand) string {
	return word(random, "123456789", 1) + "DEM" + word(random, "0123456789", 3)
}
