package analysis

import "math"

const (
	// levelDaysMin is how much must be seen before a new level is told from a weekday.
	levelDaysMin = 8
	// levelGain is how much better, as a share, the days must be foretold by recent
	// days alone before the others are forgotten.
	levelGain = 0.8
	// levelCalls is what the level of all days weighs against recent ones.
	levelCalls = 10
)

// forgetDays are the spans, in days, with which days are forgotten, the longest first.
var forgetDays = [...]float64{12, 6, 3, 1.5}

// block is a day that was seen, the last one being that before now.
type block struct {
	from, to   int // hours
	used, want float64
}

// blocks cuts the hours into days, from the last one backwards, and gives them
// in order.
func (r *rhythm) blocks(u hourlyUse) []block {
	n := len(u.used) / 24
	all := make([]block, n)
	for b := range all {
		to := len(u.used) - (n-1-b)*24
		all[b] = block{from: to - 24, to: to}
		for i := to - 24; i < to; i++ {
			all[b].used += u.used[i]
			all[b].want += u.seen[i] * r.at(u.first+int64(i))
		}
	}
	return all
}

// learnLevels fits a rhythm, and where the days to date were foretold better by those just
// before them than by all, the level of now: a new job, or growth. Exponential
// forgetting, chosen by the error of the next day (Hyndman and Athanasopoulos,
// Forecasting: Principles and Practice, ch. 8).
func learnLevels(u hourlyUse) rhythm {
	r := learn(u)
	if len(u.used) < levelDaysMin*24 || r.level == 0 {
		return r
	}
	days := r.blocks(u)
	keep := math.Inf(1)
	least := levelGain * r.nextDayError(days, keep)
	for _, span := range forgetDays {
		if e := r.nextDayError(days, span); e < least {
			least, keep = e, span
		}
	}
	if math.IsInf(keep, 1) {
		return r
	}
	u.level = make([]float64, len(u.used))
	for i := range u.level {
		u.level[i] = 1
	}
	for b := range days {
		level := r.levelAt(days, float64(b), keep, len(days))
		for i := days[b].from; i < days[b].to; i++ {
			u.level[i] = level
		}
	}
	for i := range days[0].from {
		u.level[i] = u.level[days[0].from]
	}
	next := learn(u)
	u.level = nil
	next.forget = keep
	days = next.blocks(u)
	next.level *= next.levelAt(days, float64(len(days)), keep, len(days))
	return next
}

// levelAt is the level of a day, by the first n days, weighed by how near they are.
func (r *rhythm) levelAt(days []block, day, span float64, n int) float64 {
	used, want := levelCalls*r.noise, levelCalls*r.noise
	for b := range days[:n] {
		weight := math.Exp(-math.Abs(day-float64(b)) / span)
		used += weight * days[b].used
		want += weight * days[b].want
	}
	return used / want
}

// nextDayError is how wrong each day would have been foretold by those before
// it, in parts of what chance explains.
func (r *rhythm) nextDayError(days []block, span float64) float64 {
	sum := 0.0
	for b := 2; b < len(days); b++ {
		want := days[b].want * r.levelAt(days, float64(b), span, b)
		if want > 0 {
			off := days[b].used - want
			sum += off * off / (r.noise*want + dayNoise*dayNoise*want*want)
		}
	}
	return sum
}
