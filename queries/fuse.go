package queries

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
}

// FusedLine says into which row of requests a line went: that at the place Into.
type FusedLine struct {
	SourceID     int64  `sql:"source_id"`
	Offset       int64  `sql:"source_offset"`
	IntoSourceID int64  `sql:"into_source_id"`
	IntoOffset   int64  `sql:"into_offset"`
	Key          string `sql:"key"`
}

// FuseTraffic counts the lines of one origin that tell of calls of a host in an
// hour.
type FuseTraffic struct {
	Origin int64  `sql:"origin"`
	Host   uint64 `sql:"host_hash"`
	Hour   int64  `sql:"hour"` // since 1970
	Calls  int64  `sql:"calls"`
}
