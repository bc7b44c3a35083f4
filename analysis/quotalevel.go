package analysis

import (
	"math"
	"slices"
)

const (
	// levelDaysMin is how much must be seen before a new level is told from a weekday.
	levelDaysMin = 8
	// levelGain is how much better, as a share, the days must be foretold by recent
	// days alone before the others are forgotten.
	levelGain = 0.8
	// levelCalls is what the level of all days weighs against recent ones.
	levelCalls = 10
	// levelRounds is how often level and rhythm are fitted to each other.
	levelRounds = 5
	// outlierTimes what is expected, and outlierChance deviations more, is what one
	// hour alone is believed to be.
	outlierTimes  = 2
	outlierChance = 4
	// lumpsMin is the share that is cut where use is seen to come in lumps.
	lumpsMin = 0.05
	// dayNoiseDays is how many days the usual difference of days weighs.
	dayNoiseDays = 7
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

// learnLevels fits a rhythm, and where the days to date were foretold better by
// those just before them than by all, the level of now: a new job, or growth.
// Exponential forgetting, chosen by the error of the next day (Hyndman and
// Athanasopoulos, Forecasting: Principles and Practice, ch. 8).
func learnLevels(u hourlyUse) rhythm {
	r := learn(u)
	if r.level == 0 {
		return r
	}
	u.used = r.evened(u)
	r = learn(u)
	days := r.blocks(u)
	if len(days) < levelDaysMin {
		return r
	}
	keep := r.forgetting(days)
	if math.IsInf(keep, 1) {
		r.learnDayNoise(days)
		return r
	}
	for range levelRounds {
		u.level = levelsOf(u, &r, days, keep)
		r = learn(u)
		days = r.blocks(u)
	}
	for b := range days { // against the level of their time
		days[b].want *= u.level[days[b].from]
	}
	r.learnDayNoise(days)
	r.level *= u.level[len(u.level)-1]
	return r
}

// forgetting is the span in days that foretells the next day best.
func (r *rhythm) forgetting(days []block) float64 {
	keep := math.Inf(1)
	least := levelGain * r.nextDayError(days, keep)
	for _, span := range forgetDays {
		if e := r.nextDayError(days, span); e < least {
			least, keep = e, span
		}
	}
	return keep
}

// levelsOf is the level of each hour, against that of all.
func levelsOf(u hourlyUse, r *rhythm, days []block, span float64) []float64 {
	levels := make([]float64, len(u.used))
	for b := range days {
		level := r.levelNear(days, b, span)
		for i := days[b].from; i < days[b].to; i++ {
			levels[i] = level
		}
	}
	for i := range days[0].from {
		levels[i] = levels[days[0].from]
	}
	return levels
}

// evened cuts hours down that stand out by far and alone: what lasted less than
// two hours, and no week agrees on, tells nothing of hours to come. Use that comes
// in lumps anyway, as where a vendor is asked for it now and then, is left as it is.
func (r *rhythm) evened(u hourlyUse) []float64 {
	even := slices.Clone(u.used)
	ratio := func(i int) float64 {
		if i < 0 || i >= len(u.used) {
			return 0
		}
		if want := u.seen[i] * r.at(u.first+int64(i)); want > 0 {
			return u.used[i] / want
		}
		return 0
	}
	total, cut := 0.0, 0.0
	for i, x := range u.used {
		want := u.seen[i] * r.at(u.first+int64(i))
		most := want*max(outlierTimes, ratio(i-2), ratio(i+2)) + outlierChance*math.Sqrt(r.noise*want+1)
		even[i] = min(x, most)
		total, cut = total+x, cut+x-even[i]
	}
	if cut > lumpsMin*total {
		return u.used
	}
	return even
}

// learnDayNoise compares how days differ from what was expected of them with chance.
func (r *rhythm) learnDayNoise(days []block) {
	sum, n := dayNoise*dayNoise*dayNoiseDays, float64(dayNoiseDays)
	for _, b := range days {
		if b.want > 0 {
			off := b.used/b.want - 1
			sum += max(min(off*off, 1)-r.noise/b.want, 0)
			n++
		}
	}
	r.dayNoise = max(sum/n, dayNoise*dayNoise)
}

// levelAt is the level of a day by some days, weighed by how near they are.
func (r *rhythm) levelAt(some []block, away func(i int) float64, span float64) float64 {
	used, want := levelCalls*r.noise, levelCalls*r.noise
	for i := range some {
		weight := math.Exp(-away(i) / span)
		used += weight * some[i].used
		want += weight * some[i].want
	}
	return used / want
}

// before is the level of the day after some days.
func (r *rhythm) before(some []block, span float64) float64 {
	return r.levelAt(some, func(i int) float64 { return float64(len(some) - i) }, span)
}

// levelNear is the level of a day by those up to it or those from it on, whichever
// is more like it: so an edge stays one.
func (r *rhythm) levelNear(days []block, b int, span float64) float64 {
	back := r.before(days[:b+1], span)
	on := r.levelAt(days[b:], func(i int) float64 { return float64(i + 1) }, span)
	own := (days[b].used + levelCalls) / (days[b].want + levelCalls)
	if b == len(days)-1 || math.Abs(math.Log(back/own)) <= math.Abs(math.Log(on/own)) {
		return back
	}
	return on
}

// nextDayError is how wrong each day would have been foretold by those before
// it, in parts of what chance explains.
func (r *rhythm) nextDayError(days []block, span float64) float64 {
	sum := 0.0
	for b := 2; b < len(days); b++ {
		want := days[b].want * r.before(days[:b], span)
		if want > 0 {
			off := days[b].used - want
			sum += off * off / (r.noise*want + dayNoise*dayNoise*want*want)
		}
	}
	return sum
}
