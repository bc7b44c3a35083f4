package scoring

import (
	"math"
	"time"

	"github.com/errscope/errscope/cmd/errscope/demo"
)

// Quota is a row of quota_status. Times are zero where they are NULL.
type Quota struct {
	Vendor, Host, Account, Name string
	PeriodStart                 time.Time
	Limit, Used                 int64
	Exhausted                   time.Time
	Projected                   time.Time
	ProjectedFrom, ProjectedTo  time.Time
	Basis                       string
}

// Quotas is the score of the quota ledger of one simulation.
type Quotas struct {
	Judged, Missing int
	Exact           int       // with the number used as the vendor has it
	Used            []float64 // share of the number used that is wrong
	Limits          Tally
	Exhausted       Tally     // quotas that ran dry, and how many are said to have
	FalselyDry      int       // said to have run dry, and had not
	ExhaustedAt     []float64 // seconds of error
	Misses          []string
	// Accounts are those of the true quotas, in their order, as the database
	// calls them; "-" where there is no row.
	Accounts []string
}

// ScoreQuotas compares the rows with the true periods. Accounts are fingerprints
// in the database: of several rows the one with the closest use is taken.
func ScoreQuotas(t demo.SimTruth, rows []Quota) Quotas {
	var s Quotas
	taken := make([]bool, len(rows))
	for _, q := range t.Quotas {
		s.Judged++
		row := find(q, rows, taken)
		if row < 0 {
			s.Missing++
			s.Accounts = append(s.Accounts, "-")
			s.Misses = append(s.Misses, q.Vendor+" "+q.Account+" "+q.Name+" "+q.Start[:10]+": no row")
			continue
		}
		taken[row] = true
		s.Accounts = append(s.Accounts, rows[row].Account)
		s.add(q, rows[row])
	}
	return s
}

func (s *Quotas) add(q demo.SimQuota, row Quota) {
	name := q.Vendor + " " + q.Account + " " + q.Name + " " + q.Start[:10]
	wrong := UsedError(q, row.Used)
	if wrong == 0 {
		s.Exact++
	} else {
		s.Misses = append(s.Misses, name+": used")
	}
	s.Used = append(s.Used, float64(wrong)/float64(max(1, q.Used)))
	// Caravan Guide names no number even when it refuses.
	if q.Said != "message" || q.Exhausted != "" && q.Vendor != "caravanguide" {
		s.Limits.Of++
		if row.Limit == q.Limit {
			s.Limits.Right++
		}
	}
	switch {
	case q.Refused == "" && !row.Exhausted.IsZero():
		s.FalselyDry++
		s.Misses = append(s.Misses, name+": not dry")
	case q.Exhausted == "":
	case row.Exhausted.IsZero():
		s.Exhausted.Of++
		s.Misses = append(s.Misses, name+": dry, not said")
	default:
		s.Exhausted.Of++
		s.Exhausted.Right++
		s.ExhaustedAt = append(s.ExhaustedAt, math.Abs(row.Exhausted.Sub(moment(q.Exhausted)).Seconds()))
	}
}

// find gives the row of a quota in a period, -1 for none.
func find(q demo.SimQuota, rows []Quota, taken []bool) int {
	best := -1
	for i, r := range rows {
		if taken != nil && taken[i] || !r.PeriodStart.Equal(moment(q.Start)) || q.Name != "" && r.Name != q.Name {
			continue
		}
		if q.Vendor == "unknown" && r.Host != q.Host || q.Vendor != "unknown" && r.Vendor != q.Vendor {
			continue
		}
		if best < 0 || UsedError(q, r.Used) < UsedError(q, rows[best].Used) {
			best = i
		}
	}
	return best
}

// UsedError is by how many calls a number used is wrong. Calls that were made
// while logs were lost need not be known where the vendor says no number after
// them, and calls that failed at the vendor may count or not. A number that is polled may
// be the last one: see [demo.SimQuota].
func UsedError(q demo.SimQuota, used int64) int64 {
	least, most := q.Used-q.Unsaid, q.Used+q.Unsure
	switch q.Said {
	case "message":
		least = q.Used - q.Lost
	case "poll":
		least = q.Stated
	}
	return max(0, least-used, used-most)
}

// Projection is how well a quota's end was foreseen at a time before it.
type Projection struct {
	Quota    string  `json:"quota"`
	AheadH   float64 `json:"ahead_h"` // hours before the end
	Said     bool    `json:"said"`
	ErrorH   float64 `json:"error_h"`
	Share    float64 `json:"share"`    // of the hours ahead
	Interval bool    `json:"interval"` // the end lies in the interval
	// Left are the calls that were left. Chance alone moves their end by about
	// one part in the root of them.
	Left int64 `json:"left"`
	// Calls is the error in calls: how many lie between the time foretold and the
	// end, as a share of those left. A night without calls is long and means little.
	Calls float64 `json:"calls"`
}

// ScoreProjection judges what a row said at a time, of a quota that ran dry.
func ScoreProjection(q demo.SimQuota, at time.Time, row *Quota) Projection {
	end := moment(q.Exhausted)
	p := Projection{Quota: q.Vendor + " " + q.Account + " " + q.Name, AheadH: end.Sub(at).Hours()}
	if row == nil || row.Projected.IsZero() {
		return p
	}
	p.Said, p.Left = true, row.Limit-row.Used
	p.Calls = math.Abs(wanted(q, row.Projected)-wanted(q, end)) / float64(max(1, p.Left))
	p.ErrorH = math.Abs(row.Projected.Sub(end).Hours())
	p.Share = p.ErrorH / p.AheadH
	p.Interval = !row.ProjectedFrom.IsZero() && !end.Before(row.ProjectedFrom) && (row.ProjectedTo.IsZero() || !end.After(row.ProjectedTo))
	return p
}

// wanted is how many calls would have counted by a time; what is after the logs
// is not known and adds none.
func wanted(q demo.SimQuota, at time.Time) float64 {
	since := at.Sub(moment(q.Start))
	hour := int(since / time.Hour)
	if len(q.Wanted) == 0 || since < 0 {
		return 0
	}
	if hour >= len(q.Wanted) {
		return float64(q.Wanted[len(q.Wanted)-1])
	}
	before := 0.0
	if hour > 0 {
		before = float64(q.Wanted[hour-1])
	}
	into := (since - time.Duration(hour)*time.Hour).Hours()
	return before + into*(float64(q.Wanted[hour])-before)
}
