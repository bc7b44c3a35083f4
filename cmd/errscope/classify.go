package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/classify"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// exchangeBytesMax bounds one line of classify's input.
const exchangeBytesMax = 64 << 20

func (a *app) classifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "classify FILE|-",
		Short: "Label exchanges given as JSON lines",
		Long: `Reads one JSON object a line (id, time, method, url, status, headers, body,
vendor; only status or body is required) and writes one label a line, in the
same order. A line that is no JSON object gives {"error":…,"line":N}; the run
goes on and ends with exit code 3.`,
		Example: `  echo '{"url":"https://api.carsxe.com/specs","status":429}' | errscope classify -`,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := a.openInput(args)
			if err != nil {
				return err
			}
			defer in.Close()
			rules, err := a.loadRules(cmd.Context())
			if err != nil {
				return err
			}
			c := newClassifier(rules)
			return c.stream(cmd.Context().Err, in, a.out)
		},
	}
}

// openInput opens the one FILE of a verb, or stdin for "-" and for a pipe.
func (a *app) openInput(args []string) (io.ReadCloser, error) {
	if len(args) == 0 && !a.stdinHasData() {
		return nil, usageError(errors.New("no FILE given and nothing is piped in"), "name a file, or - for standard input")
	}
	if len(args) == 0 || args[0] == "-" {
		return io.NopCloser(a.in), nil
	}
	f, err := os.Open(args[0])
	if err != nil {
		return nil, failedError(err, "")
	}
	return f, nil
}

// classifier labels exchanges that come as JSON objects.
type classifier struct {
	set     *classify.Set
	engine  *classify.Engine
	sealer  *record.Sealer
	labeler *classify.Labeler
	draft   record.Draft
	label   record.Label
}

func newClassifier(r *rules) *classifier {
	engine := classify.NewEngine(r.set, r.bindings, true)
	return &classifier{
		set:     r.set,
		engine:  engine,
		sealer:  record.NewPolicy(r.secrets, nil).NewSealer(),
		labeler: engine.NewLabeler(),
	}
}

// judge labels the exchange in the draft.
func (c *classifier) judge() {
	if c.engine.SentBack(&c.draft.Exchange) {
		c.draft.Direction = record.Callback
	}
	c.labeler.Label(c.sealer.Seal(&c.draft), &c.label)
}

func (c *classifier) stream(stopped func() error, in io.Reader, out io.Writer) error {
	w := bufio.NewWriterSize(out, 1<<16)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	lines := bufio.NewReaderSize(in, 1<<20)
	bad := 0
	for n := 1; ; n++ {
		line, err := readLine(lines, exchangeBytesMax)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, errLineTooLong) {
			return errors.Join(failedError(fmt.Errorf("reading line %d: %w", n, err), ""), w.Flush())
		}
		if stop := stopped(); stop != nil {
			return errors.Join(stop, w.Flush())
		}
		id, fault := c.read(line)
		if err != nil {
			fault = err
		}
		if fault != nil {
			bad++
			err = enc.Encode(map[string]any{"error": fault.Error(), "line": n})
		} else {
			c.judge()
			err = enc.Encode(newLabelJSON(id, &c.label, c.set.Version(c.label.Rule)))
		}
		if err != nil {
			return fmt.Errorf("writing line %d: %w", n, err)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing labels: %w", err)
	}
	if bad > 0 {
		return failedError(fmt.Errorf("%d of the lines are no exchange", bad), "each has an \"error\" line in the answer")
	}
	return nil
}

var errLineTooLong = errors.New("line longer than " + strconv.Itoa(exchangeBytesMax) + " bytes")

// readLine gives the next line without its end; a line over the limit is
// passed over whole and gives errLineTooLong.
func readLine(r *bufio.Reader, limitBytes int) ([]byte, error) {
	var line []byte
	tooLong := false
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > limitBytes {
			tooLong, line = true, nil
		}
		if !tooLong {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || len(line) == 0 && !tooLong):
			return nil, err
		case tooLong:
			return nil, errLineTooLong
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}

// read fills the draft from one JSON object and gives its id, raw.
func (c *classifier) read(line []byte) (id json.RawMessage, err error) {
	c.draft.Reset()
	d := &c.draft
	d.Direction = record.Outbound
	if !json.Valid(line) || jsonscan.KindOf(line) != jsonscan.ObjectKind {
		return nil, errors.New("not a JSON object")
	}
	hasBody := false
	_, err = jsonscan.Object(line, func(key, value []byte, kind jsonscan.Kind) bool {
		if kind == jsonscan.Null {
			return true
		}
		text := jsonscan.Unquote(nil, value)
		switch string(key) {
		case "id":
			id = value
		case "time":
			if t, fault := time.Parse(time.RFC3339Nano, string(text)); fault == nil {
				d.TimeNS, d.TimeDigits = t.UnixNano(), 9
			}
		case "method":
			d.Method = text
		case "url":
			d.SetURL(text)
		case "status":
			if n, fault := strconv.Atoi(string(text)); fault == nil && n >= 0 && n < 1000 {
				d.Status = n
			}
		case "headers":
			d.Headers = appendHeaders(d.Headers, value, kind)
		case "body":
			d.Body, hasBody = text, true
		case "vendor":
			d.Vendor = text
		case "error":
			d.Failure = text
		}
		return true
	})
	if err == nil && d.Status == record.Absent && !hasBody {
		err = errors.New("neither status nor body")
	}
	return id, err
}

// appendHeaders reads an object of strings or of lists of strings.
func appendHeaders(dst []record.Header, value []byte, kind jsonscan.Kind) []record.Header {
	if kind != jsonscan.ObjectKind {
		return dst
	}
	// The value is valid JSON, so the scans cannot fail.
	jsonscan.Object(value, func(name, v []byte, kind jsonscan.Kind) bool {
		switch kind {
		case jsonscan.ArrayKind:
			jsonscan.Array(v, func(_ int, e []byte, _ jsonscan.Kind) bool {
				dst = append(dst, record.Header{Name: name, Value: jsonscan.Unquote(nil, e)})
				return true
			})
		case jsonscan.Null:
		default:
			dst = append(dst, record.Header{Name: name, Value: jsonscan.Unquote(nil, v)})
		}
		return true
	})
	return dst
}
