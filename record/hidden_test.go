package record

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/errscope/errscope/record/recordtest"
)

// TestHidden reads texts that were written to get past masking.
func TestHidden(t *testing.T) {
	s := testPolicy().NewSealer()
	planted := recordtest.Adversarial(rand.New(rand.NewPCG(31, 31)))
	leaks := 0
	for _, p := range planted {
		if !p.Readable(p.Text) {
			t.Errorf("%s: not even readable before: %q", p.Name, p.Text)
		}
		if left := sealedText(s, p.Place, p.Text); p.Readable(left) {
			leaks++
			t.Logf("%q is left as %q", p.Name, left)
		}
	}
	t.Logf("%d of %d can be read", leaks, len(planted))
}

// sealedText puts a text in its place and gives what is left of the exchange.
func sealedText(s *Sealer, place recordtest.Place, text string) string {
	var d Draft
	d.Reset()
	switch place {
	case recordtest.InBody:
		d.Body = []byte(text)
	case recordtest.InURL:
		d.SetURL([]byte(text))
	case recordtest.InHeader:
		name, value, _ := strings.Cut(text[1:], ": ")
		d.Headers = headersOf(text[:1]+name, value)
	default:
		d.Failure = []byte(text)
	}
	return visibleIn(s.Seal(&d))
}
