package analysis

import (
	"math"
	"slices"
	"time"
)

// These were tuned on the simulator's seeds 1–20, so that eight intervals in ten
// hold, whatever was known and however far they reach.
const (
	// usualFactor is how many deviations an interval reaches before back-casts tell.
	// Deviations are on the large side, so it is less than the 1.28 of a normal distribution.
	usualFactor = 0.9
	// hourUnseen is the deviation of hours of the day that were not seen, as a share,
	// and kindUnseen that of weekends, or workdays, that were not.
	hourUnseen = 0.9
	kindUnseen = 0.6
	// backCastsHeld is the share of back-casts that an interval holds. They knew
	// less than is known now, so that fewer of them stand for eight in ten.
	backCastsHeld = 0.7
	// knownMinHours is what a back-cast knows at least, and backCastStep how many
	// hours lie between two of them: each begins at the time of day of now.
	knownMinHours = 24
	// At most backCastsMost are made.
	backCastStep  = 24
	backCastsMost = 10
	// backCastsMin is how many of them weigh as much as the usual factor,
	// and backCastMost the widest they make an interval, in deviations.
	backCastsMin = 3
	backCastMost = 4
)

// spread is by how much, as a logarithm, what is used until a time may differ
// from what is expected: one case in ten lies beyond it on either side. What is
// expected of chance and of days is held against projections of the past over
// as long a time: normalised split conformal prediction (Lei and others 2018),
// drawn to the usual factor while few of them do not overlap.
func (f *forecast) spread(at time.Time, rest float64) float64 {
	ahead := max(int(hourNumber(at)-hourNumber(f.to)), 1)
	deviation := f.rhythm.deviation(f.hours, hourNumber(f.to), hourNumber(f.to)+int64(ahead), rest)
	factor := usualFactor
	if _, ok := f.runsOut(rest, at, math.Exp(backCastMost*deviation)); !ok {
		return factor * deviation // it lasts in any case
	}
	if offs, apart := f.backCasts(ahead); len(offs) > 0 {
		slices.Sort(offs)
		own := offs[min(int(float64(len(offs)+1)*backCastsHeld), len(offs)-1)]
		weight := apart / (apart + backCastsMin)
		factor += weight * (min(own, backCastMost) - factor)
	}
	return factor * deviation
}

// backCasts projects the same time ahead from times in the past, with what was
// known then, and gives by how many deviations each was wrong, and how many of
// them stand for themselves.
func (f *forecast) backCasts(ahead int) (offs []float64, apart float64) {
	span := len(f.hours.used) - knownMinHours - ahead
	if span < 0 {
		return nil, 0
	}
	for n := knownMinHours + span; n >= knownMinHours && len(offs) < backCastsMost; n -= backCastStep {
		known := f.hours.until(n)
		r := learnLevels(known)
		used, want := 0.0, 0.0
		for i := n; i < n+ahead; i++ {
			used += f.hours.used[i]
			want += f.hours.seen[i] * r.at(known.first+int64(i))
		}
		if used < 1 || want <= 0 {
			continue
		}
		from := known.first + int64(n)
		offs = append(offs, math.Abs(math.Log((used+1)/(want+1)))/r.deviation(known, from, from+int64(ahead), used))
	}
	return offs, min(float64(span)/float64(ahead)+1, float64(len(offs)))
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
	square := r.noise*(1/max(rest, 1)+1/max(used, 1)) + r.dayNoise*(1/max(days, 1)+1/max(ahead, 1)) +
		strange*strange*hourUnseen*hourUnseen + newKind*newKind*kindUnseen*kindUnseen
	return math.Sqrt(square)
}
