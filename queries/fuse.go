package queries

import "time"

// FuseSide is one view of an exchange: what one line of one source tells of it.
// Hashes and numbers are 0 where the line does not tell.
type FuseSide struct {
	SourceID   int64 `sql:"source_id"`
	Offset     int64 `sql:"source_offset"`
	Origin     int64 `sql:"origin"` // sources that are pieces of one log have one
	Format     int64 `sql:"format"`
	Direction  int64 `sql:"direction"`
	Body       bool  `sql:"body"` // headers or a body were seen, as captures see them
	Timed      bool  `sql:"timed"`
	TSUS       int64 `sql:"ts_us"`              // microseconds since 1970, where Timed
	Status     int64 `sql:"status,absent"`      // record.Absent where not told, as the next two
	DurationUS int64 `sql:"duration_us,absent"` // microseconds
	Bytes      int64 `sql:"bytes,absent"`

	Request    uint64 `sql:"request_hash"` // of the ids
	Client     uint64 `sql:"client_request_hash"`
	Trace      uint64 `sql:"trace_hash"`
	Span       uint64 `sql:"span_hash"`
	RequestKey uint64 `sql:"request_key"` // of method, host, path and query
	Method     uint64 `sql:"method_hash"`
	Host       uint64 `sql:"host_hash"`
	Route      uint64 `sql:"route_hash"`

	Round int64 `sql:"round"` // in which the line was found: 0 is for what is fresh
	Rim   bool  // not all lines are there that may be views of the same, or stand near it
}

// FuseCase is what to look for views of one exchange in.
type FuseCase struct {
	// Sides are all that may have another view, or where Later is set those that
	// the fresh ones may have to do with, and what stands around these.
	Sides []FuseSide
	// Pairs has the calls of two origins, and where Later is set what was counted
	// without the fresh sides. Of a pair that is not there time is believed.
	Pairs []FusePair
	// Later says that the answer for all lines but the fresh ones is known.
	Later bool
}

// FuseAnswer says which sides are views of one exchange.
type FuseAnswer struct {
	Clusters []FusedCluster
	Apart    []FuseApart
	// Pairs has the counts with the fresh sides.
	Pairs []FusePair
	// Touched tells by side whether the fresh ones may have changed its answer; for
	// others what is known holds. It is nil where Later was not set.
	Touched []bool
	// Wider says that the answer depends on what lies behind the rim of the sides.
	Wider bool
	// Anew says that the time is believed of two origins now, or is not any more,
	// so that all lines must be looked at.
	Anew bool
}

// FusePair counts what two origins tell of calls of one host. A is less than B.
type FusePair struct {
	A        int64  `sql:"a"`
	B        int64  `sql:"b"`
	Host     uint64 `sql:"host_hash"`
	CallsA   int64  `sql:"calls_a"` // of each in the hours of both
	CallsB   int64  `sql:"calls_b"`
	Joined   int64  `sql:"joined"` // exchanges that ids made one
	Near     int64  `sql:"near"`   // lines that the time may make one, by two
	Chosen   int64  `sql:"chosen"` // those of them that have no other choice
	Believed bool   `sql:"believed"`
}

// FusedCluster is one exchange that several sides tell of. Sides are numbers in
// the list of sides, the one first whose place the exchange gets; Keys say what
// each of them was joined by, and By names all of these.
type FusedCluster struct {
	Sides []int32
	Keys  []string
	By    string
}

// FuseApart is a side that others may tell of, too, but which of them is not
// certain. Key is the strongest that leaves it open.
type FuseApart struct {
	Side       int32
	Key        string
	Candidates int64
}

// FuseSource is what of a source says which log it is a piece of.
type FuseSource struct {
	ID      int64  `sql:"source_id"`
	Path    string `sql:"path"`
	Format  string `sql:"format"`
	Head    string `sql:"head"` // the hash of its beginning, in hex
	Records int64  `sql:"records"`
	Bytes   int64  `sql:"bytes"`
	// What was noted of it, where Seen is set: the first source of its log, and the
	// kinds of ids that all its lines tell.
	Lead int64 `sql:"lead_source_id"`
	IDs  int64 `sql:"ids"`
	Seen bool  `sql:"seen"`
}

// How far lines may lie apart that have a say in what becomes of each other, in
// microseconds.
const (
	// FuseReachUS is for those that share an id: a day, and the widest mistake
	// about a zone. Ids that count from 1 come again, and so do those of examples.
	FuseReachUS = 38 * 3600 * 1_000_000
	// FuseNearUS is for those of one request: four slots.
	FuseNearUS = 4 * 16_000_000
	// FuseBlockUS is the length of the pieces in which the lines of a request are
	// looked up.
	FuseBlockUS = 1024 * 1_000_000
)

// IDKinds says which kinds of ids the line tells: 1 the vendor's, 2 ours, 4 a trace.
func (s *FuseSide) IDKinds() (kinds int64) {
	for i, id := range [...]uint64{s.Request, s.Client, s.Trace} {
		if id != 0 {
			kinds |= 1 << i
		}
	}
	return kinds
}

// FuseBounds says of the lines that were found last from when to when they are;
// zero where none has a time.
type FuseBounds struct {
	First    time.Time `sql:"first_ts"`
	Last     time.Time `sql:"last_ts"`
	Lines    int64     `sql:"lines"`
	Timeless int64     `sql:"timeless"`
	Apt      int64     `sql:"apt"` // that the time may join
}

// FuseSpan is from when to when lines are; zero where none has a time.
type FuseSpan struct {
	First time.Time `sql:"first_ts"`
	Last  time.Time `sql:"last_ts"`
}

// FuseIDKinds are the kinds of ids that all lines of a source tell.
type FuseIDKinds struct {
	SourceID int64 `sql:"source_id"`
	IDs      int64 `sql:"ids"`
}

// FusedLine says into which row of requests a line went: that at the place Into.
type FusedLine struct {
	SourceID     int64  `sql:"source_id"`
	Offset       int64  `sql:"source_offset"`
	IntoSourceID int64  `sql:"into_source_id"`
	IntoOffset   int64  `sql:"into_offset"`
	Key          string `sql:"key"`
}
