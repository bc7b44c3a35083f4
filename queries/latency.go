package queries

import "time"

// LatencyRow measures the answers, or the failures, of a route or of a whole
// vendor. Quantiles are exact; NaN where no duration was logged.
type LatencyRow struct {
	Vendor   string  `sql:"vendor"`
	Host     string  `sql:"host"` // "" where a pack knows the vendor
	Method   string  `sql:"method"`
	Route    string  `sql:"route"`
	Whole    bool    `sql:"whole"` // of the whole vendor
	Failed   bool    `sql:"failed"`
	Requests int64   `sql:"requests"`
	Timed    int64   `sql:"timed"`    // those with a duration
	Timeouts int64   `sql:"timeouts"` // failures for want of an answer in time
	MSP50    float64 `sql:"ms_p50,nan"`
	MSP90    float64 `sql:"ms_p90,nan"`
	MSP95    float64 `sql:"ms_p95,nan"`
	MSP99    float64 `sql:"ms_p99,nan"`
	MSMax    float64 `sql:"ms_max,nan"`
}

// LatencyPair holds the answers and the failures of one route or vendor.
type LatencyPair struct {
	Answers  LatencyRow
	Failures LatencyRow
	// FailsLate says that failures take markedly longer than answers: callers wait
	// for nothing, and a shorter timeout would save them that.
	FailsLate bool
}

// LatencyWindow says how long answers took before an outage began.
type LatencyWindow struct {
	WindowID    int64     `sql:"window_id"`
	Vendor      string    `sql:"vendor"`
	Host        string    `sql:"host"`  // "" where a pack knows the vendor
	Route       string    `sql:"route"` // "" is the whole vendor
	StartedAt   time.Time `sql:"started_at"`
	Usual       int64     `sql:"usual"`  // answers from 70 to 10 minutes before it
	Before      int64     `sql:"before"` // in the last 10 minutes
	UsualMSP50  float64   `sql:"usual_ms_p50,nan"`
	UsualMSP95  float64   `sql:"usual_ms_p95,nan"`
	BeforeMSP50 float64   `sql:"before_ms_p50,nan"`
	BeforeMSP95 float64   `sql:"before_ms_p95,nan"`
	// Slowed says that answers came slower before it; analysis fills it in.
	Slowed bool
}

// Latency is the answer to how long vendors take.
type Latency struct {
	Vendors []LatencyPair
	Routes  []LatencyPair // at most LatencyRoutesMax
	Windows []LatencyWindow
}

// LatencyRoutesMax bounds [Latency.Routes], LatencyRowsMax what one question gives.
const (
	LatencyRoutesMax = 500
	LatencyRowsMax   = 5000
)
