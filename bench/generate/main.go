// Command generate writes the access log that the comparisons run on: lines of
// an egress proxy as the demonstration data has them, the same bytes for the
// same seed.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/errscope/errscope/cmd/errscope/demo"
)

func main() {
	bytes := flag.Int64("bytes", 1<<30, "write whole lines until so many bytes are reached")
	seed := flag.Uint64("seed", 1, "choose other traffic")
	ascii := flag.Bool("ascii", false, "put ? for what is not ASCII: some tools refuse text that is not UTF-8")
	out := flag.String("o", "-", "write to `FILE`, - is standard output")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := write(ctx, *out, *bytes, *seed, *ascii)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate: error:", err)
		os.Exit(3)
	}
}

func write(ctx context.Context, path string, bytes int64, seed uint64, ascii bool) (err error) {
	f := os.Stdout
	if path != "-" {
		if f, err = os.Create(path); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
	}
	w := bufio.NewWriterSize(f, 1<<20)
	var lines io.Writer = w
	if ascii {
		lines = &plain{w: w}
	}
	if err := demo.WriteCombined(ctx, lines, bytes, seed); err != nil {
		return fmt.Errorf("writing the access log: %w", err)
	}
	return w.Flush()
}

// plain passes on ASCII only.
type plain struct {
	w   io.Writer
	out []byte
}

func (p *plain) Write(b []byte) (int, error) {
	p.out = append(p.out[:0], b...)
	for i, c := range p.out {
		if c >= 0x80 {
			p.out[i] = '?'
		}
	}
	return p.w.Write(p.out)
}
