package demo

import (
	"context"
	"encoding/binary"
	"io"
	"time"
)

// Sizes of the fast generator.
const (
	combinedLines  = 8192    // different lines
	combinedBlock  = 1 << 20 // bytes to a write
	linesPerSecond = 40      // of the invented clock
)

// failurePermille is the part of failures in the fast generator's lines.
const failurePermille = 80

// readyLine is a line whose time and id are filled in anew each time.
type readyLine struct {
	text   []byte
	timeAt int // of "hh:mm:ss"
	idAt   int // of the last 16 digits of the request id
}

// WriteCombined writes whole combined lines, as the egress log has them, until
// at least the given bytes are written. About eight percent are failures. It is
// for speed tests: the lines repeat but for time and request id. The same seed
// gives the same bytes.
func WriteCombined(ctx context.Context, w io.Writer, bytes int64, seed uint64) error {
	lines, start, err := readyLines(seed)
	if err != nil {
		return err
	}
	block := make([]byte, 0, combinedBlock+4096)
	clock, day := []byte("00:00:00"), start
	id := seed
	for written, n := int64(0), 0; written < bytes; n++ {
		if n%linesPerSecond == 0 {
			at := start.Add(time.Duration(n/linesPerSecond) * time.Second)
			clock = at.AppendFormat(clock[:0], "15:04:05")
			if !at.Truncate(24 * time.Hour).Equal(day) {
				day = at.Truncate(24 * time.Hour)
				for i := range lines {
					at.AppendFormat(lines[i].text[lines[i].timeAt-12:lines[i].timeAt-12], "02/Jan/2006")
				}
			}
		}
		line := &lines[uint64(n)*2654435761%combinedLines]
		from := len(block)
		block = append(block, line.text...)
		copy(block[from+line.timeAt:], clock)
		id = id*6364136223846793005 + 1442695040888963407
		putHex(block[from+line.idAt:], id)
		if len(block) >= combinedBlock || written+int64(len(block)) >= bytes {
			if err := ctx.Err(); err != nil {
				return err
			}
			if _, err := w.Write(block); err != nil {
				return err
			}
			written += int64(len(block))
			block = block[:0]
		}
	}
	return nil
}

// putHex writes 16 hex digits, eight bits at a time.
func putHex(b []byte, v uint64) {
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], v)
	for i, c := range raw {
		b[2*i], b[2*i+1] = hexDigits[c>>4], hexDigits[c&15]
	}
}

// readyLines makes the lines up in the way of the egress log.
func readyLines(seed uint64) ([]readyLine, time.Time, error) {
	p, err := newPlan(Options{Seed: seed})
	if err != nil {
		return nil, time.Time{}, err
	}
	c := &caller{plan: p, random: p.random(streamEgress), carsxe: p.secrets.carsxeWeb, shares: []int{34, 22, 16, 18, 16}}
	lines := make([]readyLine, 0, combinedLines)
	for len(lines) < combinedLines {
		x := c.call(p.start) // midnight of the first day: no event
		if c.random.IntN(1000) < failurePermille-ordinaryPermille && x.answer == nil {
			if a := c.mishap(x.vendor, x.route); a != nil {
				x.answer, x.status = a, a.status
			}
		}
		text := appendEgress(nil, c, x, int64(len(lines)))
		at := 0
		for text[at] != '[' {
			at++
		}
		lines = append(lines, readyLine{text: text, timeAt: at + len("[02/Jan/2006:"), idAt: len(text) - 1 - 16})
	}
	return lines, p.start, nil
}
