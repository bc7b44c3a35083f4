package analysis

import (
	"cmp"
	"math"
	"slices"
)

// window is a stretch of steps, from and to included.
type window struct {
	from, to    int
	first, last int64 // minutes
	share       float64
	score       float64
	open        bool
}

// windows finds the stretches in which calls failed beyond chance.
func (t *traffic) windows(steps []step) []window {
	var candidates []window
	for _, share := range trialShares() {
		for _, w := range t.scan(steps, 0, len(steps), share, candidateScore) {
			candidates = append(candidates, t.refine(steps, w)...)
		}
	}
	slices.SortFunc(candidates, func(a, b window) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	var kept []window
	for _, w := range candidates {
		if t.counts(steps, w) && !slices.ContainsFunc(kept, func(k window) bool { return w.from <= k.to && k.from <= w.to }) {
			kept = append(kept, w)
		}
	}
	slices.SortFunc(kept, func(a, b window) int { return cmp.Compare(a.from, b.from) })
	return t.join(steps, kept)
}

// scan is Page's CUSUM over the steps from and to (not included): the score
// begins where it is worth something, and the window ends at its highest score
// when enough has fallen off since. Where the window is open it gives way no
// further than that, so that what flaps is one window.
func (t *traffic) scan(steps []step, from, to int, share, opens float64) []window {
	var found []window
	for i := from; i < to; {
		score := steps[i].score(share)
		if score <= 0 {
			i++
			continue
		}
		w := window{from: i, to: i, share: share, score: score, open: true}
		next := i + 1
		for next < to {
			s := &steps[next]
			if s.first-steps[next-1].last > silenceMinutes {
				w.open = false
				break
			}
			score += s.score(share)
			if score >= w.score {
				w.to, w.score = next, score
			}
			next++
			if w.score < opens {
				if score <= 0 {
					w.open = false
					break
				}
				continue
			}
			score = max(score, w.score-closeScore)
			if score <= w.score-closeScore && s.last-steps[w.to].last >= holdMinutes {
				if tail := tailOf(steps[w.to+1:next], share, steps[w.to].last+holdMinutes); tail >= 0 {
					w.to += 1 + tail
					score, next = w.score, w.to+1
					continue
				}
				w.open = false
				break
			}
		}
		if w.open && (score <= w.score-closeScore || to < len(steps) || t.until-steps[to-1].last > silenceMinutes) {
			w.open = false
		}
		if w.score >= opens {
			w.first, w.last = steps[w.from].first, steps[w.to].last
			found = append(found, w)
			i = w.to + 1
			continue
		}
		i = max(w.to+1, i+1)
	}
	return found
}

// tailOf gives the last step up to a minute with which failures come back, -1
// where they do not.
func tailOf(steps []step, share float64, until int64) int {
	tail, score := -1, 0.0
	for i := range steps {
		if steps[i].first > until {
			break
		}
		more := steps[i].score(share)
		score = max(0, score+more)
		if more > 0 && score >= tailScore {
			tail = i
		}
	}
	return tail
}

// refine looks for the bounds of a candidate again, by the share of calls that
// failed in it: the sharper that is, the sharper are they.
func (t *traffic) refine(steps []step, candidate window) []window {
	from, to := candidate.from, candidate.to+1
	for from > 0 && candidate.first-steps[from-1].last <= aroundMinutes {
		from--
	}
	for to < len(steps) && steps[to].first-candidate.last <= aroundMinutes {
		to++
	}
	found := []window{candidate}
	for range 3 {
		var next []window
		for _, w := range found {
			for _, again := range t.scan(steps, from, to, additionalShare(steps, w), candidateScore) {
				if again.from <= candidate.to && candidate.from <= again.to && !slices.Contains(next, again) {
					next = append(next, again)
				}
			}
		}
		if len(next) == 0 || slices.Equal(next, found) {
			break
		}
		found = next
	}
	return found
}

// sums are the calls of a window, those that failed, and how many of them do usually.
func sums(steps []step, w window) (calls, failed, expected float64) {
	for i := range steps[w.from : w.to+1] {
		for _, c := range steps[w.from+i].calls {
			calls += float64(c.calls)
			failed += float64(c.failed)
			expected += float64(c.calls) * c.usual
		}
	}
	return calls, failed, expected
}

// usualShareOf is the share of a window's calls that fails usually.
func usualShareOf(steps []step, w window) float64 {
	calls, _, expected := sums(steps, w)
	return expected / max(calls, 1)
}

// additionalShare estimates the share of calls that fails in a window in
// addition to what is usual.
func additionalShare(steps []step, w window) float64 {
	calls, failed, expected := sums(steps, w)
	if calls-expected <= 0 {
		return 0.02
	}
	return math.Min(math.Max((failed-expected)/(calls-expected), 0.02), 0.97)
}

// counts reports whether a window is beyond chance and more than a moment.
func (t *traffic) counts(steps []step, w window) bool {
	share := additionalShare(steps, w)
	if w.score < openScore || share < faintShareMin || share < shareMin && share < timesUsual*usualShareOf(steps, w) {
		return false
	}
	failed, minutes, worst := int64(0), 0, 0.0
	for i := range steps[w.from : w.to+1] {
		s := &steps[w.from+i]
		if s.failed() {
			minutes++
		}
		worst = max(worst, s.score(w.share))
		for _, c := range s.calls {
			failed += c.failed
		}
	}
	if failed < failedCallsMin || minutes < 2 || w.score-worst < besidesScore {
		return false
	}
	return w.last-w.first > 1 || share >= momentShareMin
}

// join makes one of windows between which calls were not well for long enough,
// and of those that come and go again and again.
func (t *traffic) join(steps []step, list []window) []window {
	var near []window
	for _, w := range list {
		if n := len(near); n > 0 && w.first-near[n-1].last <= joinMinutes {
			near[n-1] = together(steps, near[n-1:n], w)
			continue
		}
		near = append(near, w)
	}
	var out []window
	for len(near) > 0 {
		n := 1
		for n < len(near) && isPause(near[n-1], near[n]) {
			n++
		}
		if n < flapsMin {
			out = append(out, near[0])
			near = near[1:]
			continue
		}
		out = append(out, together(steps, near[:n-1], near[n-1]))
		near = near[n:]
	}
	return out
}

// isPause reports whether the time between two windows may be a pause of
// something that flaps: it is no longer than what it parts.
func isPause(a, b window) bool {
	pause := b.first - a.last
	return pause <= flapMinutes && 2*pause <= 3*max(a.last-a.first+1, b.last-b.first+1)
}

// together is one window of several and the last.
func together(steps []step, several []window, last window) window {
	w := several[0]
	for _, v := range append(several[1:len(several):len(several)], last) {
		w.to, w.last, w.open = v.to, v.last, v.open
		w.score += v.score
	}
	w.share = additionalShare(steps, w)
	return w
}
