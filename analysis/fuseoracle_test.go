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

// carries tells the value of a key that a unit carries, "" for none.
func carries(sides []queries.FuseSide, unit []int, key FuseKey) string {
	var trace, span string
	for _, i := range unit {
		s := sides[i]
		if s.Trace != 0 {
			trace = fmt.Sprint(s.Trace)
		}
		if s.Span != 0 {
			span = fmt.Sprint(s.Span)
		}
		if key == FuseRequestID && s.Request != 0 {
			return fmt.Sprint(s.Request)
		}
		if key == FuseClientRequestID && s.Client != 0 {
			return fmt.Sprint(s.Client)
		}
	}
	switch {
	case key == FuseTraceSpan && trace != "" && span != "":
		return trace + " " + span
	case key == FuseTrace:
		return trace
	}
	return ""
}

// oracleForbids looks at any two sides of two units.
func oracleForbids(sides []queries.FuseSide, u, v []int) bool {
	for _, i := range u {
		for _, j := range v {
			a, b := sides[i], sides[j]
			if a.Origin == b.Origin || a.Direction != b.Direction || a.Method != b.Method {
				return true
			}
			for _, ids := range [][2]uint64{{a.Request, b.Request}, {a.Client, b.Client}, {a.Trace, b.Trace}, {a.Span, b.Span}} {
				if ids[0] != 0 && ids[1] != 0 && ids[0] != ids[1] {
					return true
				}
			}
		}
	}
	return false
}

func oracleFits(sides []queries.FuseSide, u, v []int, key FuseKey) bool {
	if oracleForbids(sides, u, v) {
		return false
	}
	for k := FuseRequestID; k < key; k++ {
		if carries(sides, u, k) != "" && carries(sides, v, k) != "" {
			return false
		}
	}
	if key != FuseTime && (carries(sides, u, key) == "" || carries(sides, u, key) != carries(sides, v, key)) {
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
				if close && a.RequestKey == b.RequestKey && a.Format != b.Format && statuses && durations {
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
