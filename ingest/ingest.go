// Package ingest turns bytes into exchanges: it finds inputs, decompresses
// them, takes off what collectors and terminals put around the lines, tells
// their format by content and reads them line by line or entry by entry, on as
// many goroutines as the caller likes.
//
// Start with [Expand] and [Open]; then [Source.Match] says how much of the
// content is known already, and [Source.NextSegment] hands out the rest in
// pieces that a store can load each in one transaction:
//
//	for {
//		seg, err := src.NextSegment(ctx, 256<<20)
//		if err == io.EOF { break }
//		r := seg.NewReader()          // one for each goroutine
//		for r.Next(&draft) == nil { … }
//		end := seg.End()              // counts, offset and hash
//	}
//
// The package promises that nothing is dropped: every line is an exchange, a
// reject with its reason, or an ignored line that is counted, and the three
// add up to the lines of the content; a line that holds several exchanges
// counts as so many. Memory does not grow with the input.
package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"time"

	"github.com/errscope/errscope/record"
)

// Limits of a reader.
const (
	// LineBytesMax bounds a line without its line break. A longer one becomes
	// one reject, [record.RejectTooLong], and the rest of it is skipped.
	LineBytesMax = 16 << 20
	// EntryBytesMax bounds an entry of a document such as a HAR file; a larger
	// one becomes a reject in the same way.
	EntryBytesMax = 64 << 20

	headBytes   = 4 << 10   // what Head returns at most
	sampleBytes = 64 << 10  // what detection looks at
	blockBytes  = 1 << 20   // what goes to a reader at once
	blocksAhead = 4         // blocks read ahead of the readers
	drainBytes  = 256 << 10 // reading step while hashing only
)

// Errors of an input. What comes out of this package wraps one of them or an
// error of the file system.
var (
	// ErrBinary is an input that is no text: no format, and NUL bytes.
	ErrBinary = errors.New("binary data, not a log")
	// ErrTruncated is compressed data that ends too early. All before the cut
	// has been delivered.
	ErrTruncated = errors.New("compressed data is cut off")
	// ErrNoFiles is a folder or pattern that yields nothing to read.
	ErrNoFiles = errors.New("no files to read")
	// ErrUnknownField is a name in [Config.JSONFields] that no field has.
	ErrUnknownField = errors.New("unknown field")
	// ErrUnknownFormat is a [Config.Format] that does not exist.
	ErrUnknownFormat = errors.New("unknown format")
	// ErrBomb is compressed data that grows beyond all measure. All before has
	// been delivered.
	ErrBomb = errors.New("it expands more than any log does")
)

// Config says how to read. The zero value detects the format, takes times
// without a zone for UTC and leaves nothing out.
type Config struct {
	// Bindings knows the hosts and callback paths of packs; it may be nil.
	Bindings *record.Bindings
	// Format overrules detection where it is not empty.
	Format string
	// LogFormats are log formats as nginx (log_format) or Apache (LogFormat) have
	// them. Lines are tried with each of them first, then as usual.
	LogFormats []string
	// Location is the zone of times that state none; nil is UTC.
	Location *time.Location
	// Now dates times that state no year; the zero time is the time of Open.
	Now time.Time
	// JSONFields gives fields of JSON lines their keys, by the names of
	// [JSONFieldNames]; a key inside objects is written with points. Of several
	// keys the first that a line has counts, before all that errscope knows.
	JSONFields map[string][]string
	// SinceNS and UntilNS bound a half-open range in Unix nanoseconds; 0 is
	// open. Exchanges outside it are ignored with [record.IgnoreRange], those
	// without a time are kept.
	SinceNS, UntilNS int64
	// BodyNames are rules for files that hold one response body each.
	BodyNames []BodyName

	named     *namedBody  // the input is such a file
	templates []*template // of LogFormats
}

// limits are the sizes that tests lower.
type limits struct {
	lineBytes, entryBytes, blockBytes, spoolBytes int
	bombBytes                                     int64
	liveInterval                                  time.Duration
	members                                       int
}

func defaultLimits() limits {
	return limits{lineBytes: LineBytesMax, entryBytes: EntryBytesMax, blockBytes: blockBytes, spoolBytes: 8 << 20,
		bombBytes: bombBytes, liveInterval: liveInterval, members: membersMax}
}

// Position is a place between two lines of a source's decompressed content.
type Position struct {
	Offset int64    // bytes before it
	Lines  int64    // lines before it; 0 in a document
	SHA256 [32]byte // of the bytes before it
}

// Source is one input that is being read. Its methods are for one goroutine,
// except Progress; only [Reader] runs on many.
type Source struct {
	path      string
	cfg       Config
	limits    limits
	raw       *raw
	budget    *budget
	bounded   *bounded // what the decoder gives, nil where there is none
	decoder   io.Closer
	content   io.Reader // decompressed, from where the source stands
	ahead     *feed     // content on a goroutine of its own, from the first segment on
	head      []byte
	detection Detection
	format    *format
	spent     error // what the content ended with; io.EOF where it is sound

	hash          hash.Hash
	offset, lines int64
	carry         []byte // read, but of no block yet
	trail         trail
	wrapped       *unwrapper // nil where nothing stands around the lines; follows chains only
	held          *block     // an unterminated last line, waiting for its own segment
	free          chan *block
	segment       *Segment
	reported      bool // spent has been handed out

	ctx      context.Context // of Open: ends the reads of a pipe
	begun    bool            // a segment was asked for
	follow   bool            // the end of the content is only its end for now
	deadline time.Time       // until when a pipe is waited for; zero is for ever
	paused   bool            // the last read stopped because nothing is there yet
	skipping bool            // inside a line that is too long and not at its end
	mark     mark            // what a followed file ended with

	bundle   *Bundle                   // closed with the source where Open made it
	consumed func() (read, size int64) // overrules Progress for a member of an archive
}

// Open opens an input that is one source: no archive, or the one member of it
// that the path names. It detects what it is and stands at its beginning. Path
// "-" reads stdin. It looks at 64 KiB of content, but does not wait for more
// than a line of a pipe. The caller closes the source; the reads of a pipe end
// with ctx. Errors: *fs.PathError, [ErrBinary], [ErrUnknownFormat], [ErrLogFormat]; compressed
// data that breaks off is no error yet. See [Unpack] for archives.
func Open(ctx context.Context, cfg Config, in Input, stdin io.Reader) (*Source, error) {
	return open(ctx, cfg, in, stdin, defaultLimits())
}

func open(ctx context.Context, cfg Config, in Input, stdin io.Reader, lim limits) (*Source, error) {
	b, err := unpack(ctx, cfg, in, stdin, lim)
	if err != nil {
		return nil, err
	}
	if b.archive != "" && b.only == "" {
		b.Close()
		return nil, fmt.Errorf("reading %s: %w (a %s archive)", in.Path, ErrBinary, b.archive)
	}
	src, err := b.Next()
	if err != nil {
		b.Close()
		return nil, err
	}
	src.bundle = b
	return src, nil
}

// checked gives the configuration with its defaults.
func (cfg Config) checked() (Config, error) {
	if cfg.Format != "" && formatNamed(cfg.Format) == nil {
		return cfg, fmt.Errorf("%w %q (known: %s)", ErrUnknownFormat, cfg.Format, formatNames())
	}
	if err := CheckJSONFields(cfg.JSONFields); err != nil {
		return cfg, err
	}
	var err error
	if cfg.templates, err = compileTemplates(cfg.LogFormats); err != nil {
		return cfg, err
	}
	if cfg.Location == nil {
		cfg.Location = time.UTC
	}
	if cfg.Now.IsZero() {
		cfg.Now = time.Now()
	}
	return cfg, nil
}

// newSource makes a source of what lies there; the caller closes it in any case.
func newSource(ctx context.Context, path string, cfg Config, lim limits, r *raw, b *budget) (*Source, error) {
	cfg.nameBody(path, r)
	s := &Source{ctx: ctx, path: path, cfg: cfg, limits: lim, raw: r, budget: b, hash: sha256.New(), free: make(chan *block, 4*blocksAhead)}
	if err := s.start(); err != nil {
		return s, fmt.Errorf("reading %s: %w", s.path, err)
	}
	return s, nil
}

// Reread begins the source again with another configuration. It must come
// before [Source.NextSegment].
func (s *Source) Reread(cfg Config) (err error) {
	if s.cfg, err = cfg.checked(); err != nil {
		return err
	}
	s.cfg.nameBody(s.path, s.raw)
	if err = s.raw.rewind(); err == nil {
		err = s.start()
	}
	if err == nil {
		err = s.identify()
	}
	if err != nil {
		return fmt.Errorf("reading %s again: %w", s.path, err)
	}
	return nil
}

// start begins the content anew: at the first byte, nothing hashed.
func (s *Source) start() error {
	if s.decoder != nil {
		s.decoder.Close()
		s.decoder = nil
	}
	content, closer, compression, err := decompress(s.raw)
	if err != nil {
		return err
	}
	if s.bounded != nil {
		s.bounded.refund()
		s.bounded = nil
	}
	if compression != "" && compression != "utf-16" {
		s.bounded = &bounded{r: content, budget: s.budget}
		content = s.bounded
	}
	s.content, s.decoder, s.detection.Compression = content, closer, compression
	s.hash.Reset()
	if s.cfg.named != nil {
		s.hash.Write(s.cfg.named.identity())
	}
	s.offset, s.lines, s.spent, s.carry = 0, 0, nil, s.carry[:0]
	s.trail, s.mark = trail{kind: s.trail.kind, wrapped: s.trail.wrapped}, mark{}
	return nil
}

// identify looks at the first bytes and decides on the format.
func (s *Source) identify() error {
	sample := make([]byte, sampleBytes)
	// io.ReadFull would call a short content and a truncated one the same.
	n, err := 0, error(nil)
	for n < len(sample) && err == nil {
		if bytes.IndexByte(sample[:n], '\n') >= 0 && !s.raw.await(sampleIdle) {
			break // a pipe that speaks now and then shows what it has said
		}
		var m int
		m, err = s.content.Read(sample[n:])
		n += m
	}
	sample = sample[:n]
	rest := s.content
	if err != nil {
		if err = s.ending(err); !errors.Is(err, io.EOF) && !errors.Is(err, ErrTruncated) && n == 0 {
			return err
		}
		rest = failing{err}
	}
	s.content = io.MultiReader(bytes.NewReader(sample), rest)
	s.head = sample[:min(n, headBytes)]
	compression := s.detection.Compression
	if s.cfg.Format != "" {
		s.detection = Detection{Format: s.cfg.Format, Why: "the format was given"}
		if !formatNamed(s.cfg.Format).document() {
			inside, _ := detectIn(bytes.TrimPrefix(sample, byteOrderMark), s.cfg.Format, nil, nil)
			s.detection.Wrapper = inside.Wrapper
		}
	} else if s.cfg.named != nil {
		s.detection = Detection{Format: bodyFormat.info.Name, Why: "a rule of the configuration is for files of this name"}
	} else {
		s.detection = detectGiven(&s.cfg, sample, detect(sample, s.cfg.JSONFields))
	}
	s.detection.Compression = compression
	if s.detection.Format == "" {
		return fmt.Errorf("%w (%s)", ErrBinary, s.detection.Why)
	}
	s.format = formatNamed(s.detection.Format)
	s.trail.kind = s.format.lookback
	layers := wrappersOf(s.detection.Wrapper)
	s.wrapped, s.trail.wrapped = newUnwrapper(layers), newUnwrapper(layers)
	if s.wrapped != nil {
		s.wrapped.textless = true
	}
	return nil
}

// failing is the rest of a content that has ended.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// Close stops what is still being read and gives the input back.
func (s *Source) Close() error {
	s.raw.stop()
	if s.segment != nil {
		s.segment.stop()
	}
	if s.ahead != nil {
		s.ahead.end()
	}
	if s.decoder != nil {
		s.decoder.Close()
		s.decoder = nil
	}
	err := s.raw.Close()
	if s.bundle != nil {
		err = errors.Join(err, s.bundle.Close())
	}
	return err
}

// Path is the path of the input, "-" for stdin.
func (s *Source) Path() string { return s.path }

// Detection says what the input was taken for, and why.
func (s *Source) Detection() Detection { return s.detection }

// TextBytes estimates how much text of bodies and headers the next bytes of
// content hold at most: nearly none in an access log, all of it elsewhere. A
// document is one segment, so its whole size counts where it is known.
func (s *Source) TextBytes(segmentBytes int64) int64 {
	switch {
	case s.format.document() && s.detection.Compression == "" && s.raw.size > 0:
		return s.raw.size
	case s.format.document():
		return documentTextBytes
	case !s.format.bodies && s.format.info.Name != textFormat.info.Name:
		return 0
	}
	return segmentBytes
}

// documentTextBytes is what is assumed of a document whose size is not known.
const documentTextBytes = 512 << 20

// Head returns the first bytes of the decompressed content, at most 4096: a
// cheap way to tell which known contents it may be at all. The slice belongs
// to the source and must not be changed.
func (s *Source) Head() []byte { return s.head }

// Position is where the source stands: after Open at the beginning, after
// [Source.Match] behind the known part, after a segment at its end.
func (s *Source) Position() Position {
	p := Position{Offset: s.offset, Lines: s.lines}
	s.hash.Sum(p.SHA256[:0])
	return p
}

// Progress tells how many bytes of the input, compressed as it is, were read,
// and how many there are, 0 where that is not known. Any goroutine may ask.
func (s *Source) Progress() (read, size int64) {
	if s.consumed != nil {
		return s.consumed()
	}
	return s.raw.read.Load(), s.raw.size
}

// ending translates what a reader ended with.
func (s *Source) ending(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) && s.detection.Compression != "":
		return ErrTruncated
	case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF):
		return io.EOF
	case errors.Is(err, context.Canceled) && s.follow:
		return io.EOF // nobody waits for more
	case errors.Is(err, ErrBomb), errors.Is(err, context.Canceled):
		return err
	case s.detection.Compression != "" && !isPathError(err):
		return fmt.Errorf("decompressing %s: %w", s.detection.Compression, err)
	}
	return err
}

func isPathError(err error) bool {
	var pe *os.PathError
	return errors.As(err, &pe)
}
