package analysis

import "math"

// How much is believed of a rhythm before it was seen often. Strengths are in
// calls, spreads in shares; they were tuned on the simulator's seeds 1–20.
const (
	// hourCalls is what the hours beside an hour weigh against its own calls.
	hourCalls = 25
	// kindCalls is what all days weigh against the weekend's own hours, and slotCalls what
	// the rhythm of the day weighs against one hour of one week.
	kindCalls = 50
	slotCalls = 10
	// weekendSpread is how much weekends of this and that allowance differ, daySpread
	// how much weekdays of one kind do, and dayNoise how much one day is off.
	weekendSpread = 0.4
	daySpread     = 0.08
	dayNoise      = 0.08
	// slotWeeks is how many weeks must agree on an hour of the week.
	slotWeeks = 2
	// fitRounds is how often day and week are fitted to each other.
	fitRounds = 3
	// officeHours is the length of a working day. Where officeShareMin of a day's
	// use or less lies within so long, nothing follows for the weekend; where
	// officeShareMax does, it is expected to be officeWeekend of a workday.
	officeHours    = 10
	officeShareMin = 0.65
	officeShareMax = 0.85
	officeWeekend  = 0.55
	hoursOfWeek    = 7 * 24
)

// hourlyUse is what was used in each hour of the epoch.
type hourlyUse struct {
	first int64     // hour of the epoch
	used  []float64 // in the hours since
	seen  []float64 // the part of the hour of which something is known
	level []float64 // of these hours against the others, nil where all are even
}

// until gives the first n hours.
func (h hourlyUse) until(n int) hourlyUse {
	h.used, h.seen = h.used[:n], h.seen[:n]
	if h.level != nil {
		h.level = h.level[:n]
	}
	return h
}

// exposure is how much of an hour was seen, at the level of all hours.
func (h *hourlyUse) exposure(i int) float64 {
	if h.level == nil {
		return h.seen[i]
	}
	return h.seen[i] * h.level[i]
}

// clockHour and weekday are those of an hour of the epoch, in UTC.
func clockHour(n int64) int { return int(n % 24) }
func weekday(n int64) int   { return int((n/24 + 4) % 7) }

// kindOf is 1 for Saturday and Sunday.
func kindOf(weekday int) int {
	if weekday == 0 || weekday == 6 {
		return 1
	}
	return 0
}

// rhythm is the use by the hour that is to be expected, as a level and factors
// of the hour of the day, the day of the week, and the hour of the week. Each is
// drawn to the flatter one as far as few calls speak for it, as in an empirical
// Bayes estimate of Poisson rates (Efron and Morris 1975; Gelman and Hill 2007).
type rhythm struct {
	level    float64
	hour     [24]float64
	kind     [2][24]float64
	day      [7]float64
	slot     [hoursOfWeek]float64
	rate     [hoursOfWeek]float64 // all of them multiplied
	noise    float64              // variance of an hour's use, as a multiple of chance alone
	hourFor  [24]float64          // how much of each hour, and of each kind of day, was seen
	kindFor  [2]float64           // in days
	dayNoise float64              // variance of a day's use beyond that, as a share squared
}

// at is the use to be expected in an hour of the epoch.
func (r *rhythm) at(n int64) float64 { return r.level * r.rate[weekHour(n)] }

// weekHour is the hour of the week, from Sunday on, in UTC.
func weekHour(n int64) int { return int((n + 4*24) % hoursOfWeek) }

// compose multiplies the factors.
func (r *rhythm) compose() {
	for s := range r.rate {
		d, h := s/24, s%24
		r.rate[s] = r.hour[h] * r.kind[kindOf(d)][h] * r.day[d] * r.slot[s]
	}
}

// learn fits a rhythm to hours.
func learn(u hourlyUse) rhythm {
	r := rhythm{noise: 1, dayNoise: dayNoise * dayNoise}
	for i := range u.used {
		n := u.first + int64(i)
		r.hourFor[clockHour(n)] += u.seen[i]
		r.kindFor[kindOf(weekday(n))] += u.seen[i] / 24
	}
	for h := range 24 {
		r.hour[h], r.kind[0][h], r.kind[1][h] = 1, 1, 1
	}
	for d := range r.day {
		r.day[d] = 1
	}
	for s := range r.slot {
		r.slot[s] = 1
	}
	r.compose()
	r.fitLevel(u)
	if r.level == 0 {
		return r
	}
	for range fitRounds {
		r.fitHours(u)
		r.fitDays(u)
		r.fitLevel(u)
		r.fitNoise(u)
	}
	r.fitKinds(u)
	r.fitSlots(u)
	r.fitLevel(u)
	r.fitNoise(u)
	return r
}

// fitLevel makes what was expected and what was used the same in sum.
func (r *rhythm) fitLevel(u hourlyUse) {
	r.level = 1
	used, want := 0.0, 0.0
	for i, x := range u.used {
		used += x
		want += u.exposure(i) * r.at(u.first+int64(i))
	}
	r.level = 0
	if want > 0 {
		r.level = used / want
	}
}

// fitHours fits the rhythm of the day, each hour drawn to those beside it.
func (r *rhythm) fitHours(u hourlyUse) {
	var used, want, next [24]float64
	for i, x := range u.used {
		n := u.first + int64(i)
		h := clockHour(n)
		used[h] += x
		want[h] += u.exposure(i) * r.at(n) / r.hour[h]
	}
	strength := hourCalls * r.noise
	total := 0.0
	for h := range next {
		near, nearWant := 2*r.noise, 2*r.noise
		for off, weight := range [...]float64{0, 2, 1} {
			a, b := (h+off)%24, (h+24-off)%24
			near += weight * (used[a] + used[b])
			nearWant += weight * (want[a] + want[b])
		}
		next[h] = (used[h] + strength*near/nearWant) / (want[h] + strength)
		total += next[h]
	}
	for h := range next {
		r.hour[h] = next[h] * 24 / total
	}
	r.compose()
}

// fitDays fits the rhythm of the week: the weekend against the workdays, then
// each day against its kind.
func (r *rhythm) fitDays(u hourlyUse) {
	var used, want, days [7]float64
	for i, x := range u.used {
		n := u.first + int64(i)
		d := weekday(n)
		used[d] += x
		want[d] += u.exposure(i) * r.at(n) / r.day[d]
		days[d] += u.seen[i] / 24
	}
	var kindUsed, kindWant [2]float64
	for d := range used {
		kindUsed[kindOf(d)] += used[d]
		kindWant[kindOf(d)] += want[d]
	}
	ratio := math.Log(r.usualWeekend())
	if kindWant[0] > 0 && kindWant[1] > 0 && kindUsed[0] > 0 {
		chance := r.noise * (1/kindWant[0] + 1/kindWant[1])
		noise := dayNoise * dayNoise * (1/r.kindFor[0] + 1/r.kindFor[1])
		own := weekendSpread * weekendSpread
		weight := own / (own + chance + noise)
		ratio += weight * (math.Log((kindUsed[1]+1)/kindWant[1]*kindWant[0]/(kindUsed[0]+1)) - ratio)
	}
	kinds := [2]float64{1, math.Exp(ratio)}
	level := (kindUsed[0] + kindUsed[1]) / (kindWant[0] + kindWant[1]*kinds[1])
	for d := range r.day {
		r.day[d] = kinds[kindOf(d)]
		if expected := want[d] * level * r.day[d]; expected > 0 {
			weight := daySpread * daySpread / (daySpread*daySpread + r.noise/expected + dayNoise*dayNoise/days[d])
			r.day[d] *= 1 + weight*(used[d]/expected-1)
		}
	}
	r.compose()
}

// usualWeekend is what a weekend is expected to be against workdays before one of
// both was seen: where all the work is done by day it rests at weekends too.
func (r *rhythm) usualWeekend() float64 {
	most := 0.0
	for h := range 24 {
		sum := 0.0
		for k := range officeHours {
			sum += r.hour[(h+k)%24] / 24
		}
		most = max(most, sum)
	}
	office := min(max((most-officeShareMin)/(officeShareMax-officeShareMin), 0), 1)
	return 1 - office*(1-officeWeekend)
}

// fitKinds lets weekends and workdays have days of their own.
func (r *rhythm) fitKinds(u hourlyUse) {
	if r.kindFor[0] < 1 || r.kindFor[1] < 1 {
		return
	}
	var used, want [2][24]float64
	for i, x := range u.used {
		n := u.first + int64(i)
		k, h := kindOf(weekday(n)), clockHour(n)
		used[k][h] += x
		want[k][h] += u.exposure(i) * r.at(n)
	}
	for k := range used {
		for h := range used[k] {
			strength := kindCalls * r.noise
			r.kind[k][h] = (used[k][h] + strength) / (want[k][h] + strength)
		}
	}
	r.compose()
}

// fitSlots takes up what comes at one hour of each week: as much as all weeks
// agree on, so that one strange hour moves nothing.
func (r *rhythm) fitSlots(u hourlyUse) {
	var least, most [hoursOfWeek]float64
	var weeks [hoursOfWeek]int
	for i, x := range u.used {
		if u.seen[i] < 1 {
			continue
		}
		n := u.first + int64(i)
		s := weekHour(n)
		strength := slotCalls * r.noise
		ratio := (x + strength) / (u.exposure(i)*r.at(n) + strength)
		if weeks[s] == 0 || ratio < least[s] {
			least[s] = ratio
		}
		most[s] = max(most[s], ratio)
		weeks[s]++
	}
	for s := range r.slot {
		switch {
		case weeks[s] < slotWeeks:
		case least[s] > 1:
			r.slot[s] = least[s]
		case most[s] < 1:
			r.slot[s] = most[s]
		}
	}
	r.compose()
}

// noiseMost bounds what one hour adds, so that an hour in which all was different
// does not make the others look uncertain.
const noiseMost = 16

// fitNoise compares how hours differ from the rhythm with chance alone.
func (r *rhythm) fitNoise(u hourlyUse) {
	sum, n := 0.0, 0.0
	for i, x := range u.used {
		want := u.exposure(i) * r.at(u.first+int64(i))
		if want < 0.5 {
			continue
		}
		sum += min((x-want)*(x-want)/want, noiseMost)
		n++
	}
	r.noise = 1
	if n > 0 {
		r.noise = max(sum/n, 1)
	}
}
