package analysis

// The edges of a window. The search begins a window where the share of its
// middle explains the calls best. What came on slowly, or went away so, has an
// edge that fails less: it is looked for outwards, with smaller shares.

const (
	// edgeScore is what calls outside of a window must show to belong to it. By
	// chance a sum that begins anywhere else is as high once in e^5.
	edgeScore = 5.0
	// edgeShareMin is the least share of an edge.
	edgeShareMin = 0.02
)

// widen moves the edges of a window outwards. all are the windows of these
// steps: it ends before its neighbours.
func (t *traffic) widen(steps []step, all []window, w window) window {
	before, after := 0, len(steps)
	for _, o := range all {
		if o.to < w.from {
			before = max(before, o.to+1)
		}
		if o.from > w.to {
			after = min(after, o.from)
		}
	}
	w.from = edge(steps, w, w.from, before-1, -1)
	w.first = steps[w.from].first
	if !w.open {
		w.to = edge(steps, w, w.to, after, 1)
		w.last = steps[w.to].last
	}
	return w
}

// edge goes from a step towards another (not included) and gives the last one
// that belongs to the window.
func edge(steps []step, w window, from, to, way int) int {
	found, best := from, edgeScore
	for share := w.share / 2; share >= edgeShareMin; share /= 2 {
		score := 0.0
		for i := from + way; i != to; i += way {
			if max(steps[i].first-steps[from].last, steps[from].first-steps[i].last) > aroundMinutes {
				break
			}
			if score += steps[i].score(share); score >= best && steps[i].failed() {
				found, best = i, score
			}
		}
	}
	return found
}
