package analysis

import (
	"math"
	"time"
)

const (
	// tenth is how many deviations one case in ten lies beyond.
	tenth = 1.2816
	// hourUnseen is the deviation of hours of the day that were not seen, as a share,
	// and kindUnseen that of weekends, or workdays, that were not.
	hourUnseen = 0.7
	kindUnseen = 0.4
)

// spread is by how much, as a logarithm, what is used until a time may differ
// from what is expected: one case in ten lies beyond it on either side.
func (f *forecast) spread(at time.Time, rest float64) float64 {
	return tenth * f.rhythm.deviation(f.hours, hourNumber(f.to), hourNumber(at)+1, rest)
}

// deviation is the standard deviation of the use between two hours.
func (r *rhythm) deviation(u hourlyUse, from, to int64, rest float64) float64 {
	days, used := 0.0, 0.0
	for i, x := range u.used {
		days += u.seen[i] / 24
		used += x
	}
	total, strange, newKind := 0.0, 0.0, 0.0
	for n := from; n < to; n++ {
		use := r.at(n)
		total += use
		strange += use * (1 - min(r.hourFor[clockHour(n)], 1))
		newKind += use * (1 - min(r.kindFor[kindOf(weekday(n))], 1))
	}
	if total > 0 {
		strange, newKind = strange/total, newKind/total
	}
	ahead := max(float64(to-from)/24, 1.0/24)
	square := r.noise*(1/max(rest, 1)+1/max(used, 1)) + dayNoise*dayNoise*(1/max(days, 1)+1/max(ahead, 1)) +
		strange*strange*hourUnseen*hourUnseen + newKind*newKind*kindUnseen*kindUnseen
	return math.Sqrt(square)
}
