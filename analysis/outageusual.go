package analysis

import (
	"math"
	"slices"

	"github.com/errscope/errscope/queries"
)

const (
	minutesPerDay = 24 * 60
	// usualDays are the days before the one in question that tell what is usual,
	// and so does that day. Later ones do not: what is over stays as it is.
	usualDays = 7
	// priorCalls and priorShare stand for what is known of a route before
	// anything was seen of it: one call in a hundred fails.
	priorCalls, priorShare = 20.0, 0.01
	// outlierScore leaves ten minutes out of what is usual: the odds against
	// chance are e^5.
	outlierScore  = 5.0
	outlierRounds = 10
	// atMostDeviations is how far above its estimate the usual share may well be.
	atMostDeviations = 1.3
	// deadShare of failures over deadMinutes is what a route always does.
	deadShare   = 0.5
	deadMinutes = minutesPerDay
)

// usualShare is the share of calls that fails without an outage.
type usualShare struct{ share, atMost float64 }

// usualShares are those of all routes by day, filled as they are asked for.
type usualShares struct {
	blocks map[routeKey][]queries.TrafficBlock // by day
	routes map[[2]string][]routeKey            // of a vendor and host
	known  map[routeDay]usualShare
}

type routeKey struct{ vendor, host, route string }

type routeDay struct {
	routeKey
	day int64
}

func newUsual(blocks []queries.TrafficBlock) usualShares {
	u := usualShares{map[routeKey][]queries.TrafficBlock{}, map[[2]string][]routeKey{}, map[routeDay]usualShare{}}
	for _, b := range blocks {
		k := routeKey{b.Vendor, b.Host, b.Route}
		if _, ok := u.blocks[k]; !ok {
			of := [2]string{b.Vendor, b.Host}
			u.routes[of] = append(u.routes[of], k)
		}
		u.blocks[k] = append(u.blocks[k], b)
	}
	return u
}

func (u *usualShares) of(vendor, host, route string, day int64) usualShare {
	k := routeDay{routeKey{vendor, host, route}, day}
	if s, ok := u.known[k]; ok {
		return s
	}
	var near []queries.TrafficBlock
	for _, b := range u.blocks[k.routeKey] {
		if b.Day >= day-usualDays && b.Day <= day {
			near = append(near, b)
		}
	}
	s := usualOf(near)
	u.known[k] = s
	return s
}

// usualOf estimates from above: all blocks first, then without those that are
// beyond chance, until none is. So a route that often fails keeps its share, and
// an outage does not count as usual.
func usualOf(blocks []queries.TrafficBlock) usualShare {
	calls, failed := sumBlocks(blocks)
	for range outlierRounds {
		share := (failed + priorCalls*priorShare) / (calls + priorCalls)
		kept := slices.DeleteFunc(slices.Clone(blocks), func(b queries.TrafficBlock) bool { return isOutlier(b, share) })
		if len(kept) == len(blocks) {
			break
		}
		blocks = kept
		calls, failed = sumBlocks(blocks)
	}
	if failed > deadShare*calls {
		if coveredMinutes(blocks) >= deadMinutes {
			return usualShare{failed / calls, 1} // it cannot get worse
		}
		calls, failed = 0, 0 // hardly anything was seen but the outage itself
	}
	n := calls + priorCalls
	share := (failed + priorCalls*priorShare) / n
	return usualShare{share, min(share+atMostDeviations*math.Sqrt(share*(1-share)/n), 0.999)}
}

func isOutlier(b queries.TrafficBlock, share float64) bool {
	n, k := float64(b.Calls), float64(b.Failed)
	if b.Failed < 3 || k <= share*n {
		return false
	}
	score := k * math.Log(k/(n*share))
	if k < n {
		score += (n - k) * math.Log((n-k)/(n*(1-share)))
	}
	return score > outlierScore
}

func sumBlocks(blocks []queries.TrafficBlock) (calls, failed float64) {
	for _, b := range blocks {
		calls += float64(b.Calls)
		failed += float64(b.Failed)
	}
	return calls, failed
}

// coveredMinutes is the time from the first call to the last.
func coveredMinutes(blocks []queries.TrafficBlock) int64 {
	if len(blocks) == 0 {
		return 0
	}
	first, last := blocks[0].FirstMinute, blocks[0].LastMinute
	for _, b := range blocks {
		first, last = min(first, b.FirstMinute), max(last, b.LastMinute)
	}
	return last - first + 1
}
