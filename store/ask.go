package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// args are the values of a query's named parameters. Those that a query does
// not have are left out.
type args map[string]any

// scopeArgs spreads a scope; what is not set is NULL, which is open.
func scopeArgs(s queries.Scope) args {
	return args{"since": nullTime(s.Since), "until": nullTime(s.Until), "vendor": nullText(s.Vendor), "account": nullText(s.Account)}
}

func nullTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

func nullText(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// bound lists the values that the query asks for.
func (a args) bound(t queries.Text) ([]any, error) {
	list := make([]any, 0, len(t.Parameters))
	for _, p := range t.Parameters {
		v, ok := a[p]
		if !ok {
			return nil, fmt.Errorf("parameter %s has no value", p)
		}
		list = append(list, sql.Named(p, v))
	}
	return list, nil
}

// asker is a connection pool or a transaction.
type asker interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// ask runs a question on the pool and gives its rows.
func ask[T any](ctx context.Context, db *DB, name queries.Name, a args) ([]T, error) {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	list, err := askIn[T](ctx, db.sql, name, a)
	if err != nil {
		return nil, translate(db.path, "asking "+string(name)+" of", err)
	}
	return list, nil
}

// askIn runs a question; its columns must be exactly the tagged fields of T.
func askIn[T any](ctx context.Context, on asker, name queries.Name, a args) ([]T, error) {
	text, err := queries.Load(name)
	if err != nil {
		return nil, err
	}
	filled, err := queries.Fill(text, a)
	if err != nil {
		return nil, err
	}
	rows, err := on.QueryContext(ctx, filled)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	fields, err := fieldsOf(reflect.TypeFor[T](), columns)
	if err != nil {
		return nil, err
	}
	values := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	var list []T
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		var row T
		v := reflect.ValueOf(&row).Elem()
		for i, f := range fields {
			if err := f.set(v.FieldByIndex(f.index), values[i]); err != nil {
				return nil, fmt.Errorf("column %s: %w", columns[i], err)
			}
		}
		list = append(list, row)
	}
	return list, rows.Err()
}

// field is where a column goes, and what NULL becomes there: the zero value,
// or record.Absent, or NaN, or a trend of zeros.
type field struct {
	index       []int
	absent, nan bool
}

// fieldsOf finds the field of each column. A column without a field, or a
// tagged field without a column, is an error: the two lists must not drift.
func fieldsOf(t reflect.Type, columns []string) ([]field, error) {
	byName := map[string]field{}
	for _, f := range reflect.VisibleFields(t) {
		tag, ok := f.Tag.Lookup("sql")
		if !ok {
			continue
		}
		name, null, _ := strings.Cut(tag, ",")
		byName[name] = field{index: f.Index, absent: null == "absent", nan: null == "nan"}
	}
	list := make([]field, len(columns))
	for i, c := range columns {
		f, ok := byName[c]
		if !ok {
			return nil, fmt.Errorf("column %s has no field in %s", c, t)
		}
		list[i] = f
		delete(byName, c)
	}
	for name := range byName {
		return nil, fmt.Errorf("field of %s in %s has no column", name, t)
	}
	return list, nil
}

// set stores a value of the driver in a field.
func (f field) set(dst reflect.Value, v any) error {
	if v == nil {
		f.setNull(dst)
		return nil
	}
	switch dst.Interface().(type) {
	case time.Time:
		t, ok := v.(time.Time)
		if !ok {
			return fmt.Errorf("cannot hold %T in a time", v)
		}
		dst.Set(reflect.ValueOf(t.UTC()))
		return nil
	case [32]byte:
		return setHash(dst, v)
	}
	switch dst.Kind() {
	case reflect.String:
		if s, ok := v.(string); ok {
			dst.SetString(s)
			return nil
		}
	case reflect.Bool:
		if b, ok := v.(bool); ok {
			dst.SetBool(b)
			return nil
		}
	case reflect.Float64:
		if x, ok := v.(float64); ok {
			dst.SetFloat(x)
			return nil
		}
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return setInteger(dst, v)
	case reflect.Slice:
		switch x := v.(type) {
		case []byte:
			dst.SetBytes(x)
			return nil
		case string:
			return setTrend(dst, x)
		}
	}
	return fmt.Errorf("cannot hold %T in %s", v, dst.Type())
}

func (f field) setNull(dst reflect.Value) {
	switch {
	case f.absent && dst.CanInt():
		dst.SetInt(record.Absent)
	case f.absent && dst.CanFloat():
		dst.SetFloat(record.Absent)
	case f.nan:
		dst.SetFloat(math.NaN())
	case dst.Type() == reflect.TypeFor[[]int64](): // a trend of nothing
		dst.Set(reflect.ValueOf(make([]int64, queries.TrendBuckets)))
	}
}

func setInteger(dst reflect.Value, v any) error {
	if n, ok := v.(*big.Int); ok && n.IsInt64() {
		v = n.Int64()
	}
	x := reflect.ValueOf(v)
	switch {
	case dst.CanInt() && x.CanInt():
		dst.SetInt(x.Int())
	case dst.CanUint() && x.CanUint():
		dst.SetUint(x.Uint())
	case dst.CanInt() && x.CanUint() && x.Uint() <= math.MaxInt64:
		dst.SetInt(int64(x.Uint()))
	default:
		return fmt.Errorf("cannot hold %T in %s", v, dst.Type())
	}
	return nil
}

// setHash reads the hex of a SHA-256.
func setHash(dst reflect.Value, v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("cannot hold %T in a hash", v)
	}
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != dst.Len() {
		return fmt.Errorf("%q is no SHA-256 in hex", s)
	}
	reflect.Copy(dst, reflect.ValueOf(raw))
	return nil
}

// setTrend reads "slot:count" pairs with a comma between into a slice of
// queries.TrendBuckets counts.
func setTrend(dst reflect.Value, text string) error {
	counts := make([]int64, queries.TrendBuckets)
	for pair := range strings.SplitSeq(text, ",") {
		slot, count, _ := strings.Cut(pair, ":")
		i, err := strconv.Atoi(slot)
		if err != nil || i < 0 || i >= len(counts) {
			return fmt.Errorf("%q is no slot of a trend", slot)
		}
		if counts[i], err = strconv.ParseInt(count, 10, 64); err != nil {
			return fmt.Errorf("%q is no count of a trend", count)
		}
	}
	dst.Set(reflect.ValueOf(counts))
	return nil
}
