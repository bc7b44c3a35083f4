package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// answerRowsMax bounds the rows of an answer as text, Markdown or HTML, which
// people read; JSON and CSV have all.
const answerRowsMax = 10_000

// Answer is the answer to SQL of the users' own, whatever its columns are.
// Values are nil, bool, int64, uint64, float64, string, or anything that
// marshals to JSON.
type Answer struct {
	Name     string
	Question string
	Columns  []AnswerColumn
	// Next gives the next row, one value per column; io.EOF ends.
	Next func() ([]any, error)
}

// AnswerColumn is a column of an [Answer].
type AnswerColumn struct {
	Name string
	Type string // the database's name for it
}

// WriteAnswer writes the answer in one of [Formats]. What is personal is masked
// as in every report. It gives a [NameError] for an unknown format.
func WriteAnswer(w io.Writer, a Answer, format string, o Options) error {
	f := findings{report: a.Name, options: o.withDefaults()}
	var err error
	switch format {
	case "json":
		err = f.answerJSON(w, a)
	case "csv":
		err = f.answerCSV(w, a)
	case "text", "md", "html":
		if f.answer, err = f.answerDocument(a); err == nil {
			err = writeDocument(w, f, format)
		}
	default:
		return &NameError{Kind: ErrUnknownFormat, Name: format, Valid: Formats()}
	}
	if err != nil {
		return fmt.Errorf("writing report %s: %w", a.Name, err)
	}
	return nil
}

func writeDocument(w io.Writer, f findings, format string) error {
	switch format {
	case "md":
		return writeMarkdown(w, f)
	case "html":
		return writeHTML(w, f)
	}
	return writeText(w, f)
}

// each calls visit for every row.
func (a Answer) each(visit func([]any) error) error {
	for {
		row, err := a.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := visit(row); err != nil {
			return err
		}
	}
}

func (f *findings) answerDocument(a Answer) (*document, error) {
	d := &document{title: f.title(), lead: append([]prose{ours("%s", visible(a.Question))}, f.scopeLines()...)}
	t := &table{}
	for i, c := range a.Columns {
		// The last columns go first where the line is too short.
		t.columns = append(t.columns, column{title: visible(c.Name), right: numeric(c.Type), min: 6, drop: i})
	}
	more := int64(0)
	err := a.each(func(row []any) error {
		if len(t.rows) == answerRowsMax {
			more++
			return nil
		}
		cells := make([]cell, len(row))
		for i, v := range row {
			text, err := answerText(v)
			if err != nil {
				return err
			}
			cells[i] = cell{text: visible(text), foreign: !t.columns[i].right && text != ""}
			if v == nil {
				cells[i] = own("-")
			}
		}
		t.rows = append(t.rows, cells)
		return nil
	})
	s := section{heading: countedAs(int64(len(t.rows))+more, "row", "rows"), table: t}
	if len(t.rows) == 0 {
		s = section{heading: "No rows", notes: []prose{ours("Nothing in this part of the data answers the question.")}}
	}
	if more > 0 {
		s.notes = []prose{ours("%s left out; --format csv and json have all.", countedAs(more, "row is", "rows are"))}
	}
	d.sections = []section{s}
	return d, err
}

// numeric reports types whose values stand to the right.
func numeric(typ string) bool {
	name, _, _ := strings.Cut(typ, "(")
	switch strings.TrimPrefix(name, "U") {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL":
		return !strings.HasSuffix(typ, "]")
	}
	return false
}

// answerText writes a value for people and for CSV, masked.
func answerText(v any) (string, error) {
	switch x := v.(type) {
	case nil:
		return "", nil
	case string:
		return maskPersonal(x), nil
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64), nil
	}
	text, err := answerValue(v)
	return string(text), err
}

// answerValue writes a value as JSON, masked. The marks of masking hold nothing
// that ends a text of JSON.
func answerValue(v any) ([]byte, error) {
	if s, ok := v.(string); ok {
		return json.Marshal(maskPersonal(s))
	}
	text, err := json.Marshal(v)
	if err != nil || !bytes.ContainsRune(text, '"') {
		return text, err
	}
	return []byte(maskPersonal(string(text))), nil
}

func (f *findings) answerCSV(w io.Writer, a Answer) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	header := make([]string, len(a.Columns))
	for i, c := range a.Columns {
		header[i] = csvText(c.Name)
	}
	if err := out.Write(header); err != nil {
		return err
	}
	err := a.each(func(row []any) error {
		cells := make([]string, len(row))
		for i, v := range row {
			text, err := answerText(v)
			if err != nil {
				return err
			}
			switch v.(type) {
			case nil, bool, int64, uint64, float64, json.Number:
				cells[i] = text
			default:
				cells[i] = csvText(text)
			}
		}
		return out.Write(cells)
	})
	out.Flush()
	return errors.Join(err, out.Error())
}

type jsonAnswer struct {
	Schema      string       `json:"schema"`
	Report      string       `json:"report"`
	Title       string       `json:"title,omitempty"`
	Question    string       `json:"question"`
	GeneratedAt string       `json:"generated_at,omitempty"`
	Scope       *jsonScope   `json:"scope,omitempty"`
	Columns     []jsonColumn `json:"columns"`
}

type jsonColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// answerJSON writes the frame of every report, then the rows one by one, as
// objects. A name that comes twice gets a number.
func (f *findings) answerJSON(w io.Writer, a Answer) error {
	j := jsonAnswer{Schema: Schema, Report: a.Name, Title: f.options.Title, Question: a.Question, GeneratedAt: csvTime(f.options.Now), Columns: []jsonColumn{}}
	if s := f.options.Scope; f.narrowed() {
		j.Scope = &jsonScope{Since: csvTime(s.Since), Until: csvTime(s.Until), Vendor: s.Vendor, Account: s.Account}
	}
	names := uniqueNames(a.Columns)
	for i, c := range a.Columns {
		j.Columns = append(j.Columns, jsonColumn{names[i], c.Type})
	}
	head, err := json.MarshalIndent(j, "", "  ")
	if err != nil {
		return err
	}
	head = append(bytes.TrimSuffix(head, []byte("\n}")), ",\n  \"rows\": ["...)
	if _, err := w.Write(asciiControls(head)); err != nil {
		return err
	}
	keys := make([][]byte, len(names))
	for i, n := range names {
		if keys[i], err = json.Marshal(n); err != nil {
			return err
		}
	}
	gap := "\n    "
	err = a.each(func(row []any) error {
		line := []byte(gap + "{")
		for i, v := range row {
			value, err := answerValue(v)
			if err != nil {
				return err
			}
			if i > 0 {
				line = append(line, ", "...)
			}
			line = append(append(append(line, keys[i]...), ": "...), value...)
		}
		gap = ",\n    "
		_, err := w.Write(asciiControls(append(line, '}')))
		return err
	})
	if err != nil {
		return err
	}
	end := "]\n}\n"
	if gap != "\n    " {
		end = "\n  " + end
	}
	_, err = io.WriteString(w, end)
	return err
}

func uniqueNames(columns []AnswerColumn) []string {
	seen := map[string]int{}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
		for seen[names[i]] > 0 {
			seen[c.Name]++
			names[i] = c.Name + "_" + strconv.Itoa(seen[c.Name])
		}
		seen[names[i]]++
	}
	return names
}
