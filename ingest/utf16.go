package ingest

import (
	"bufio"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Reader turns UTF-16 with a byte order mark into UTF-8: what Windows
// shells write when output is redirected. Lone surrogates become U+FFFD.
type utf16Reader struct {
	r       *bufio.Reader
	big     bool
	pending []byte
	store   [8]byte
	high    rune // a high surrogate that waits for its other half
}

// newUTF16 reads the mark that r begins with.
func newUTF16(r *bufio.Reader) *utf16Reader {
	first, _ := r.ReadByte()
	r.ReadByte()
	return &utf16Reader{r: r, big: first == 0xfe}
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(u.pending) > 0 {
			c := copy(p[n:], u.pending)
			n, u.pending = n+c, u.pending[c:]
			continue
		}
		if err := u.decode(); err != nil {
			if n > 0 {
				return n, nil
			}
			return 0, err
		}
	}
	return n, nil
}

// decode puts the next character, or none, into pending.
func (u *utf16Reader) decode() error {
	a, err := u.r.ReadByte()
	if err != nil {
		return u.finish(err)
	}
	b, err := u.r.ReadByte()
	if err != nil {
		return u.finish(err)
	}
	unit := rune(b)<<8 | rune(a)
	if u.big {
		unit = rune(a)<<8 | rune(b)
	}
	out := u.store[:0]
	if u.high != 0 {
		pair := utf16.DecodeRune(u.high, unit)
		u.high = 0
		out = utf8.AppendRune(out, pair)
		if pair != utf8.RuneError {
			u.pending = out
			return nil
		}
	}
	if unit >= 0xd800 && unit < 0xdc00 {
		u.high = unit
	} else {
		out = utf8.AppendRune(out, unit)
	}
	u.pending = out
	return nil
}

// finish lets a lone surrogate at the end through before the error.
func (u *utf16Reader) finish(err error) error {
	if u.high == 0 {
		return err
	}
	u.high = 0
	u.pending = utf8.AppendRune(u.store[:0], utf8.RuneError)
	return nil
}

var _ io.Reader = (*utf16Reader)(nil)
