package analysis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/errscope/errscope/queries"
)

// oracle reads the rule of Fuse word for word, with sets and without indexes.
func oracle(sides []queries.FuseSide) string {
	var units [][]int
	for i := range sides {
		units = append(units, []int{i})
	}
	joinedBy, open := map[int]FuseKey{}, map[int]FuseKey{}
	for key := FuseRequestID; key <= FuseTime; key++ {
		compatible := func(a, b int) bool { return a != b && oracleFits(sides, units[a], units[b], key) }
		kept := func(a, b int) bool {
			return oracleOnly(sides, units, a, b, key, compatible) && oracleOnly(sides, units, b, a, key, compatible)
		}
		group := make([]int, len(units)) // the smallest number in the component
		for i := range group {
			group[i] = i
		}
		for again := true; again; {
			again = false
			for a := range units {
				for b := range units {
					if group[a] != group[b] && compatible(a, b) && kept(a, b) {
						group[a], group[b] = min(group[a], group[b]), min(group[a], group[b])
						again = true
					}
				}
			}
		}
		members := map[int][]int{}
		for u, g := range group {
			members[g] = append(members[g], u)
		}
		good := map[int]bool{} // units that are joined
		for _, m := range members {
			fine := len(m) > 1
			for _, a := range m {
				for _, b := range m {
					fine = fine && (a == b || !oracleForbids(sides, units[a], units[b]))
				}
			}
			for _, a := range m {
				good[a] = fine
			}
			if !fine && len(m) > 1 {
				for _, a := range m {
					oracleOpen(open, units[a], key)
				}
			}
		}
		for a := range units {
			for b := range units {
				if !good[a] && !good[b] && compatible(a, b) {
					oracleOpen(open, units[a], key)
				}
			}
		}
		var next [][]int
		for g, m := range members {
			if !good[g] {
				for _, a := range m {
					next = append(next, units[a])
				}
				continue
			}
			var all []int
			for _, a := range m {
				all = append(all, units[a]...)
			}
			for _, s := range all {
				if joinedBy[s] == 0 {
					joinedBy[s] = key
				}
			}
			next = append(next, all)
		}
		units = next
	}
	var list []string
	for _, u := range units {
		if len(u) > 1 {
			var places []string
			for _, s := range u {
				places = append(places, fmt.Sprintf("%d:%s", sides[s].Offset, joinedBy[s]))
			}
			slices.Sort(places)
			list = append(list, strings.Join(places, "+"))
		}
	}
	for s, key := range open {
		list = append(list, fmt.Sprintf("%d?%s", sides[s].Offset, key))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func oracleOpen(open map[int]FuseKey, unit []int, key FuseKey) {
	for _, s := range unit {
		if open[s] == 0 {
			open[s] = key
		}
	}
}

// oracleIDs are the ids that a unit carries, the vendor's, ours, trace and span.
// What one side calls the vendor's is ours where another side knows it so.
func oracleIDs(sides []queries.FuseSide, unit []int) (request, client, trace, span uint64) {
	for _, i := range unit {
		client, trace, span = max(client, sides[i].Client), max(trace, sides[i].Trace), max(span, sides[i].Span)
	}
	for _, i := range unit {
		if sides[i].Request != client {
			request = max(request, sides[i].Request)
		}
	}
	return request, client, trace, span
}

// oracleAgree says of a key whether two units both carry it, and agree.
func oracleAgree(sides []queries.FuseSide, u, v []int, key FuseKey) (both, agree bool) {
	r1, c1, t1, s1 := oracleIDs(sides, u)
	r2, c2, t2, s2 := oracleIDs(sides, v)
	ours := r1 != 0 && r1 == c2 || r2 != 0 && r2 == c1
	switch key {
	case FuseRequestID:
		return r1 != 0 && r2 != 0 && !ours, r1 == r2
	case FuseClientRequestID:
		return c1 != 0 && c2 != 0 || ours, c1 == c2 || ours
	case FuseTraceSpan:
		return t1 != 0 && t2 != 0 && s1 != 0 && s2 != 0, t1 == t2 && s1 == s2
	case FuseTrace:
		return t1 != 0 && t2 != 0, t1 == t2
	}
	return true, true
}

// oracleForbids says that two units contradict each other.
func oracleForbids(sides []queries.FuseSide, u, v []int) bool {
	for _, i := range u {
		for _, j := range v {
			if a, b := sides[i], sides[j]; a.Origin == b.Origin || a.Direction != b.Direction || a.Method != b.Method {
				return true
			}
		}
	}
	_, c1, _, s1 := oracleIDs(sides, u)
	_, c2, _, s2 := oracleIDs(sides, v)
	if c1 != 0 && c2 != 0 && c1 != c2 || s1 != 0 && s2 != 0 && s1 != s2 {
		return true
	}
	for _, key := range []FuseKey{FuseRequestID, FuseTrace} {
		if both, agree := oracleAgree(sides, u, v, key); both && !agree {
			return true
		}
	}
	return false
}

func oracleFits(sides []queries.FuseSide, u, v []int, key FuseKey) bool {
	if oracleForbids(sides, u, v) {
		return false
	}
	for k := FuseRequestID; k < key; k++ {
		if both, _ := oracleAgree(sides, u, v, k); both {
			return false
		}
	}
	if both, agree := oracleAgree(sides, u, v, key); !both || !agree {
		return false
	}
	for _, i := range u {
		for _, j := range v {
			a, b := sides[i], sides[j]
			window := int64(2_000_000) + max(a.DurationUS, b.DurationUS, 0)
			close := max(a.TSUS, b.TSUS)-min(a.TSUS, b.TSUS) <= window
			switch key {
			case FuseRequestID, FuseTraceSpan:
				return true
			case FuseClientRequestID:
				if a.Host == b.Host {
					return true
				}
			case FuseTrace:
				if close && a.Host == b.Host && a.Route == b.Route {
					return true
				}
			case FuseTime:
				statuses := a.Status == b.Status || min(a.Status, b.Status) == 0 && max(a.Status, b.Status) == 503
				durations := a.DurationUS < 0 || b.DurationUS < 0
				if !durations { // a tenth and 250 ms, or a hundredth and 10 ms
					longer := max(a.DurationUS, b.DurationUS)
					allowed := 250_000 + longer/10
					if a.Bytes >= 0 && b.Bytes >= 0 && a.Bytes != b.Bytes {
						allowed = 10_000 + longer/100
					}
					durations = longer-min(a.DurationUS, b.DurationUS) <= allowed
				}
				bothTell := a.Request != 0 && b.Request != 0 || a.Client != 0 && b.Client != 0 || a.Trace != 0 && b.Trace != 0
				if close && a.RequestKey == b.RequestKey && a.Format != b.Format && statuses && durations && !bothTell {
					return true
				}
			}
		}
	}
	return false
}

// oracleOnly says that b is the only one for a, for each of b's origins.
func oracleOnly(sides []queries.FuseSide, units [][]int, a, b int, key FuseKey, compatible func(a, b int) bool) bool {
	equal := func(c int) bool {
		for _, i := range units[a] {
			for _, j := range units[c] {
				if key == FuseTime && sides[i].Bytes >= 0 && sides[i].Bytes == sides[j].Bytes {
					return true
				}
			}
		}
		return false
	}
	for _, s := range units[b] {
		all, same := 0, 0
		for c := range units {
			if !compatible(a, c) || !slices.ContainsFunc(units[c], func(x int) bool { return sides[x].Origin == sides[s].Origin }) {
				continue
			}
			all++
			if equal(c) {
				same++
			}
		}
		if all > 1 && !(same == 1 && equal(b)) {
			return false
		}
	}
	return true
}
