package queries

import "time"

// TrafficRun is the traffic of one route in one minute, or in a run of minutes
// in which nothing of its vendor failed. Minutes count from 1970, UTC.
type TrafficRun struct {
	Vendor      string `sql:"vendor"`
	Host        string `sql:"host"` // "" where a pack knows the vendor
	Route       string `sql:"route"`
	FirstMinute int64  `sql:"first"`
	LastMinute  int64  `sql:"last"`
	Calls       int64  `sql:"calls"`
	Failed      int64  `sql:"failed"`    // as in an outage
	Unreached   int64  `sql:"unreached"` // of these may have come to nobody
}

// TrafficBlock is the traffic of one route in ten minutes in which some call
// failed, or in the rest of a day.
type TrafficBlock struct {
	Vendor      string `sql:"vendor"`
	Host        string `sql:"host"`
	Route       string `sql:"route"`
	Day         int64  `sql:"day"`   // since 1970
	Block       int64  `sql:"block"` // -1 is the rest of the day
	FirstMinute int64  `sql:"first"`
	LastMinute  int64  `sql:"last"`
	Calls       int64  `sql:"calls"`
	Failed      int64  `sql:"failed"`
}

// OutageDetail is what the rows of a window say. Lists are JSON.
type OutageDetail struct {
	StartedAt  time.Time `sql:"started_at"` // of the first failed call, zero where there is none
	EndedAt    time.Time `sql:"ended_at"`   // of the last
	Requests   int64     `sql:"requests"`
	Failures   int64     `sql:"failures"`
	Unreached  int64     `sql:"unreached"`
	Codes      string    `sql:"codes"`
	Routes     string    `sql:"routes"`
	AccountIDs string    `sql:"account_ids"`
	RequestIDs string    `sql:"request_ids"`
	TopCode    string    `sql:"top_code"`
	Accounts   int64     `sql:"accounts"`
	// SameRequest is how many failures are those of one request, by path and query.
	SameRequest int64 `sql:"same_request"`
	// OnlyHost is the one of several hosts that failed, "" where more did.
	OnlyHost string `sql:"only_host"`
}
