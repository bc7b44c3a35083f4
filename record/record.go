// Package record holds the nouns of errscope: what one observed HTTP exchange
// is ([Exchange]), what was read before masking ([Draft]), what may be kept
// ([Record]) and what was decided about it ([Label]).
//
// Start with [Sealer.Seal]: it is the only way from a Draft to a Record. The
// promise of the package is that a sealed Record holds no credential, so every
// room behind it (classify, store, report, tui) never sees one.
//
// The package imports the standard library only and does no I/O.
package record

// Absent marks an integer field of an [Exchange] that the input did not state.
const Absent = -1

// Direction says who called whom.
type Direction string

// The directions of the contract.
const (
	Outbound Direction = "outbound" // we called somebody
	Inbound  Direction = "inbound"  // somebody called us
	Callback Direction = "callback" // a browser came back to us from a vendor
)

// Header is one header field as it came. Both slices belong to whoever made
// the Exchange.
type Header struct {
	Name, Value []byte
}

// Exchange is one observed HTTP exchange, or one line that speaks of none.
//
// Byte slices are views into the reader's buffer: they are valid until the
// reader's next call and must be copied to be kept. An empty slice means that
// the input did not state the value; integers use [Absent].
type Exchange struct {
	// Line counts from 1 in the decompressed source, Offset is the byte where
	// the line or entry begins.
	Line   int64
	Offset int64
	// Format is the name of the format that read it, such as "combined".
	Format string

	// TimeNS is when the exchange ended where the input tells, else the
	// input's own time: Unix nanoseconds UTC. TimeDigits is the number of
	// digits of a second that the input stated (0 to 9), or Absent when there
	// is no time at all.
	TimeNS     int64
	TimeDigits int8
	// LoggedNS is the input's own time where that is when the exchange began
	// and TimeNS was therefore worked out from it and the duration (HAR); 0
	// where TimeNS is the input's own.
	LoggedNS int64

	Method      []byte // as it came: "GET"
	Scheme      []byte // "https", where stated
	Host        []byte // lower case, without port
	Path        []byte // as it came, without query
	Query       []byte // as it came, without "?"
	Target      []byte // the request target or URL as it came
	HTTPVersion []byte // "1.1", "2"

	Status     int   // HTTP status; 0 is "no response", Absent is "not stated"
	Bytes      int64 // response bytes, or Absent
	DurationNS int64 // nanoseconds, or Absent

	Client    []byte // address of the caller, without port
	UserAgent []byte
	Referer   []byte

	RequestID       []byte // the id that the answering side gave
	ClientRequestID []byte // the id that we sent, Idempotency-Key included
	TraceID         []byte // 32 hex digits where W3C
	SpanID          []byte

	UpstreamStatus []byte // as logged, a list in order of attempts: "502, 200"
	UpstreamHost   []byte // as logged, a list in order of attempts
	Failure        []byte // the transport's words when there was no response

	Direction Direction

	Headers        []Header // of the response
	RequestHeaders []Header
	Body           []byte // of the response, decoded from base64 and content codings
	RequestBody    []byte
	BodyTruncated  bool // the capture cut the body

	// Vendor is the pack that the input itself names ("vendor" of classify),
	// empty otherwise.
	Vendor []byte

	// Reject is empty for a sound exchange, else the reason, from the closed
	// list below, why the line could not be read. Raw is the line itself, at
	// most RawBytesMax bytes of it, and is set for rejects only.
	Reject Reason
	Raw    []byte
}

// RawBytesMax bounds [Exchange.Raw].
const RawBytesMax = 4096

// Reason says why a line was rejected or ignored. The list is closed.
type Reason string

// Reasons of rejects (the line should have been an exchange) and of ignored
// lines (sound, but no exchange).
const (
	RejectSyntax    Reason = "syntax"        // not of the source's format
	RejectTruncated Reason = "truncated"     // cut off in the middle
	RejectTooLong   Reason = "line_too_long" // longer than the reader's limit
	RejectBinary    Reason = "binary"        // NUL bytes or control data
	RejectEncoding  Reason = "encoding"      // not decodable text or body
	RejectTime      Reason = "time"          // its time does not parse
	RejectStatus    Reason = "status"        // its status is no HTTP status
	RejectJSON      Reason = "json"          // begins as JSON and is none
	RejectDocument  Reason = "document"      // an entry of a document without what an exchange needs
	IgnoreBlank     Reason = "blank"         // white space only
	IgnoreComment   Reason = "comment"       // a comment or directive line
	IgnoreNoHTTP    Reason = "no_exchange"   // a sound line that speaks of no exchange
	IgnoreContinued Reason = "continued"     // a part of an exchange that another line completes
	IgnoreRange     Reason = "outside_range" // outside --since and --until
)

// Draft is an exchange as a format read it, secrets included. It goes nowhere
// but into [Sealer.Seal].
type Draft struct {
	Exchange
}

// Reset empties the draft for the next line, keeping the capacity of its
// header slices.
func (d *Draft) Reset() {
	h, rh := d.Headers[:0], d.RequestHeaders[:0]
	// Clearing it whole and then setting a few fields is faster than a literal,
	// and this runs once a line.
	d.Exchange = Exchange{}
	d.TimeDigits, d.Status, d.Bytes, d.DurationNS = Absent, Absent, Absent, Absent
	d.Headers, d.RequestHeaders = h, rh
}

// Record is an exchange that holds no credential. Only [Sealer.Seal] makes
// one; its Exchange belongs to the draft it was sealed from and lives as long.
type Record struct {
	*Exchange
	// Account is the salted fingerprint of the credential of the call, in hex,
	// empty where none or only a rotating token was seen, or where the Sealer
	// has no salt.
	Account string
	// RequestKey is the salted hash of method, host, path and query, 0 without
	// a salt.
	RequestKey uint64
	// Masked counts the values that were taken out.
	Masked int

	sealed bool
}

// Sealed reports whether the record came from [Sealer.Seal].
func (r *Record) Sealed() bool { return r.sealed }
