package ingest

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
)

// Limits of an archive.
const (
	// membersMax bounds the entries of one archive that are looked at.
	membersMax = 100_000
	// archiveSpoolMax bounds the temporary file for a zip archive that comes
	// through a pipe: its directory stands at its end.
	archiveSpoolMax = 64 << 30
	tarBlockBytes   = 512
)

// memberMark stands between the path of an archive and that of a member.
const memberMark = "!/"

// Errors of a member of an archive.
var (
	// ErrNested is an archive inside an archive.
	ErrNested = errors.New("an archive in an archive is not opened")
	// ErrEncrypted is a member that needs a password.
	ErrEncrypted = errors.New("encrypted")
	// ErrNotFile is a link, a device or the like inside an archive.
	ErrNotFile = errors.New("not a file, and not followed")
	// ErrOutside is a member whose name leads out of the archive.
	ErrOutside = errors.New("its name leads out of the archive")
	// ErrManyMembers is an archive with more entries than are looked at.
	ErrManyMembers = errors.New("too many members in one archive")
	// ErrNoMember is a path into an archive that has no such member.
	ErrNoMember = errors.New("no such member")
)

// Bundle is what one input holds: itself, or the members of an archive, each a
// source of its own whose path is that of the archive, "!/", and its own.
type Bundle struct {
	ctx     context.Context
	path    string // of the archive
	only    string // the one member that is wanted, or nothing
	cfg     Config
	lim     limits
	plain   *Source // not handed out yet
	archive string  // "zip", "tar" or nothing
	whole   *Source // holds the archive's bytes
	budget  *budget
	next    func() (member, error) // io.EOF at the end
	met     int                    // members of any kind
	given   int                    // those handed out or refused
	spool   *os.File
	ended   bool
}

// member is an entry of an archive.
type member struct {
	name    string
	refused error
	content io.Reader
	again   func() (io.Reader, error) // nil where it can be read once only
	size    int64                     // as the archive says
	read    func() (read, size int64) // of the archive's bytes, for progress
}

// Unpack opens an input. It reads archives, zip and tar, compressed or not, one
// member after the other; anything else is a bundle of one source. A path that
// names a member, such as "logs.zip!/a.log", is a bundle of this one. The
// caller closes it, and each source before the next. Errors: as for [Open].
func Unpack(ctx context.Context, cfg Config, in Input, stdin io.Reader) (*Bundle, error) {
	return unpack(ctx, cfg, in, stdin, defaultLimits())
}

func unpack(ctx context.Context, cfg Config, in Input, stdin io.Reader, lim limits) (*Bundle, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	cfg, err := cfg.checked()
	if err != nil {
		return nil, err
	}
	b := &Bundle{ctx: ctx, path: in.Path, cfg: cfg, lim: lim}
	if archive, name, ok := splitMember(in.Path); ok {
		b.path, b.only = archive, name
	}
	r, err := openRaw(ctx, b.path, stdin, lim.spoolBytes)
	if err != nil {
		return nil, err
	}
	b.budget = &budget{freeBytes: lim.bombBytes, in: r.read.Load}
	b.whole, err = newSource(ctx, b.path, cfg, lim, r, b.budget)
	if err == nil {
		err = b.begin()
	}
	if err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// splitMember cuts the path of a member at its archive, which must exist.
func splitMember(name string) (archive, member string, ok bool) {
	if _, err := os.Lstat(name); err == nil {
		return "", "", false
	}
	for at := 0; ; {
		i := strings.Index(name[at:], memberMark)
		if i < 0 {
			return "", "", false
		}
		archive = name[:at+i]
		if info, err := os.Stat(archive); err == nil && info.Mode().IsRegular() {
			return archive, name[at+i+len(memberMark):], true
		}
		at += i + len(memberMark)
	}
}

// begin looks whether the content is an archive.
func (b *Bundle) begin() error {
	s := b.whole
	content := bufio.NewReaderSize(s.content, 64<<10)
	s.content = content
	head, err := peekArchive(content)
	if err != nil && len(head) == 0 && err != io.EOF && !errors.Is(s.ending(err), ErrTruncated) {
		return fmt.Errorf("reading %s: %w", b.path, s.ending(err))
	}
	switch kind := containerOf(head); kind {
	case "zip", "tar":
		b.archive = kind
		if s.raw.pipe == nil || kind == "tar" {
			s.raw.forget() // it is read once, or can seek
		}
	default:
		if b.only != "" {
			return fmt.Errorf("reading %s: %w: it is no archive", b.path+memberMark+b.only, ErrNoMember)
		}
		b.plain, b.whole = s, nil
		return s.identify()
	}
	if b.archive == "tar" {
		b.next = b.walkTar(tar.NewReader(content))
		return nil
	}
	return b.openZip(content)
}

// peekArchive looks at as much as tells an archive from text. Text tells itself
// by a line break without a NUL before it, so that nobody waits for more of it.
func peekArchive(br *bufio.Reader) (head []byte, err error) {
	for n := 1; n <= tarBlockBytes; n = len(head) + 1 {
		if head, err = br.Peek(n); err != nil {
			return head, err
		}
		head, _ = br.Peek(min(br.Buffered(), tarBlockBytes)) // what is there
		if text, _, found := bytes.Cut(head, lineBreak); found && bytes.IndexByte(text, 0) < 0 {
			break
		}
	}
	return head, nil
}

// isTar reports whether a tar header stands here: its sum must be right.
func isTar(head []byte) bool {
	const sumAt, sumEnd = 148, 156
	if len(head) < tarBlockBytes || head[0] == 0 {
		return false
	}
	want, err := strconv.ParseInt(string(bytes.Trim(head[sumAt:sumEnd], " \x00")), 8, 64)
	if err != nil {
		return false
	}
	sum := int64(' ') * (sumEnd - sumAt)
	for i, c := range head[:tarBlockBytes] {
		if i < sumAt || i >= sumEnd {
			sum += int64(c)
		}
	}
	return sum == want
}

// Next opens the next source. io.EOF ends; a [Problem] is a member that cannot
// be read, and the others still come.
func (b *Bundle) Next() (*Source, error) {
	if s := b.plain; s != nil {
		b.plain, b.ended = nil, true
		return s, nil
	}
	for !b.ended {
		m, err := b.next()
		if err == io.EOF {
			return nil, b.end()
		}
		if err != nil {
			b.ended = true
			if errors.Is(err, io.ErrUnexpectedEOF) {
				err = ErrTruncated
			}
			return nil, Problem{b.path, fmt.Errorf("reading %s: %w", b.path, err)}
		}
		if b.met++; b.met > b.lim.members {
			b.ended = true
			return nil, Problem{b.path, fmt.Errorf("reading %s: %w (%d)", b.path, ErrManyMembers, b.lim.members)}
		}
		name, err := memberName(m.name)
		if b.only != "" && name != b.only || err == nil && hiddenMember(name) {
			continue
		}
		if err == nil {
			err = m.refused
		}
		b.given++
		full := b.path + memberMark + name
		if err != nil {
			return nil, Problem{full, fmt.Errorf("reading %s: %w", full, err)}
		}
		return b.open(full, m)
	}
	return nil, io.EOF
}

func (b *Bundle) end() error {
	b.ended = true
	switch {
	case b.given > 0:
		return io.EOF
	case b.only != "":
		return Problem{b.path, fmt.Errorf("reading %s: %w", b.path+memberMark+b.only, ErrNoMember)}
	}
	return Problem{b.path, fmt.Errorf("reading %s: %w", b.path, ErrNoFiles)}
}

// memberName cleans a member's name, and refuses one that leads elsewhere.
func memberName(name string) (string, error) {
	name = strings.ReplaceAll(name, `\`, "/")
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return strings.TrimLeft(name, "/"), ErrOutside
		}
	}
	return path.Clean("/" + name)[1:], nil
}

// hiddenMember leaves out what a walk through folders leaves out.
func hiddenMember(name string) bool {
	if strings.HasPrefix(name, "__MACOSX/") { // not of the user's making
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if leftOut(part) {
			return true
		}
	}
	return false
}

// open makes a source of a member.
func (b *Bundle) open(full string, m member) (*Source, error) {
	count := &bounded{r: m.content, budget: b.budget, member: true}
	r := &raw{r: count, size: min(max(m.size, 0), documentTextBytes), spoolBytes: b.lim.spoolBytes, keeping: m.again == nil}
	if m.again != nil {
		r.again = func() (io.Reader, error) {
			count.refund()
			from, err := m.again()
			count.r = from
			return count, err
		}
	}
	s, err := newSource(b.ctx, full, b.cfg, b.lim, r, b.budget)
	s.consumed = m.read
	if err == nil {
		err = s.identify()
	}
	if err != nil {
		if kind := containerOf(s.head); errors.Is(err, ErrBinary) && (kind == "zip" || kind == "tar") {
			err = fmt.Errorf("reading %s: %w", full, ErrNested)
		}
		s.Close()
		return nil, Problem{full, err}
	}
	return s, nil
}

// walkTar reads the archive once, from its beginning to its end; what is not
// read of a member is passed by.
func (b *Bundle) walkTar(t *tar.Reader) func() (member, error) {
	return func() (member, error) {
		for {
			if err := b.ctx.Err(); err != nil {
				return member{}, err
			}
			h, err := t.Next()
			if err != nil {
				return member{}, err
			}
			if h.Typeflag == tar.TypeDir || h.Typeflag == tar.TypeXGlobalHeader {
				continue
			}
			before, _ := b.whole.Progress()
			m := member{name: h.Name, content: t, size: h.Size, read: func() (int64, int64) {
				now, _ := b.whole.Progress()
				return now - before, h.Size
			}}
			if !h.FileInfo().Mode().IsRegular() {
				m.refused = fmt.Errorf("%w (%s)", ErrNotFile, kindOf(h.FileInfo().Mode(), h.Typeflag == tar.TypeLink))
			} else if h.Typeflag == tar.TypeLink {
				m.refused = fmt.Errorf("%w (link)", ErrNotFile)
			}
			return m, nil
		}
	}
}

func kindOf(mode fs.FileMode, hard bool) string {
	switch {
	case hard, mode&fs.ModeSymlink != 0:
		return "link"
	case mode&fs.ModeDevice != 0:
		return "device"
	case mode&fs.ModeNamedPipe != 0:
		return "pipe"
	}
	return "special file"
}

// Close closes the input.
func (b *Bundle) Close() error {
	var err error
	if b.plain != nil {
		err = b.plain.Close()
		b.plain = nil
	}
	if b.whole != nil {
		err = errors.Join(err, b.whole.Close())
		b.whole = nil
	}
	if b.spool != nil {
		err = errors.Join(err, b.spool.Close(), os.Remove(b.spool.Name()))
		b.spool = nil
	}
	return err
}
