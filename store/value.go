package store

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// Member is one member of an [Object].
type Member struct {
	Name  string
	Value any // as from [Rows.Next]
}

// Object is a struct or map of DuckDB, the members of a struct by name and
// those of a map in its order.
type Object []Member

// MarshalJSON writes the members in their order.
func (o Object) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			out = append(out, ',')
		}
		name, err := json.Marshal(m.Name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.Value)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, name...), ':'), value...)
	}
	return append(out, '}'), nil
}

// plain turns a value of the driver into one of those that Rows.Next names.
// kind is DuckDB's name of its type, "" where it is not known.
func plain(v any, kind string) any {
	switch x := v.(type) {
	case nil, bool, string, int64, uint64:
		return v
	case float64:
		return plainFloat(x)
	case float32:
		// By way of text: 0.1 stays 0.1.
		f, _ := strconv.ParseFloat(strconv.FormatFloat(float64(x), 'g', -1, 32), 64) // its own output
		return plainFloat(f)
	case *big.Int:
		return json.Number(x.String())
	case duckdb.Decimal:
		return json.Number(x.String())
	case time.Time:
		return plainTime(x, kind)
	case duckdb.Interval:
		return plainInterval(x)
	case []byte:
		return plainBytes(x, kind)
	case duckdb.Union:
		return plain(x.Value, "")
	case duckdb.OrderedMap:
		o := make(Object, 0, x.Len())
		for i, k := range x.Keys() {
			o = append(o, Member{fmt.Sprint(plain(k, "")), plain(x.Values()[i], "")})
		}
		return o
	}
	return plainReflect(reflect.ValueOf(v), kind)
}

// plainReflect handles the small integers, lists and the maps that stand for
// structs and JSON.
func plainReflect(v reflect.Value, kind string) any {
	switch v.Kind() {
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int:
		return v.Int()
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint:
		return v.Uint()
	case reflect.Slice, reflect.Array:
		element := ""
		if i := strings.LastIndexByte(kind, '['); i > 0 {
			element = kind[:i]
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plain(v.Index(i).Interface(), element)
		}
		return list
	case reflect.Map:
		o := make(Object, 0, v.Len())
		for _, k := range v.MapKeys() {
			o = append(o, Member{fmt.Sprint(plain(k.Interface(), "")), plain(v.MapIndex(k).Interface(), "")})
		}
		slices.SortFunc(o, func(a, b Member) int { return cmp.Compare(a.Name, b.Name) })
		return o
	}
	return fmt.Sprint(v.Interface())
}

func plainFloat(x float64) any {
	switch {
	case math.IsNaN(x):
		return "NaN"
	case math.IsInf(x, 1):
		return "Infinity"
	case math.IsInf(x, -1):
		return "-Infinity"
	}
	return x
}

func plainTime(t time.Time, kind string) string {
	switch kind {
	case "DATE":
		return t.Format(time.DateOnly)
	case "TIME":
		return t.Format("15:04:05.999999")
	case "TIMETZ", "TIME WITH TIME ZONE":
		return t.UTC().Format("15:04:05.999999Z07:00")
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// plainInterval writes an ISO 8601 duration; DuckDB keeps months, days and
// microseconds apart, as none of them is a number of the others.
func plainInterval(i duckdb.Interval) string {
	text := "P"
	if i.Months != 0 {
		text += strconv.Itoa(int(i.Months)) + "M"
	}
	if i.Days != 0 {
		text += strconv.Itoa(int(i.Days)) + "D"
	}
	if i.Micros != 0 {
		seconds := big.NewRat(i.Micros, 1_000_000).FloatString(6)
		text += "T" + strings.TrimSuffix(strings.TrimRight(seconds, "0"), ".") + "S"
	}
	if text == "P" {
		return "PT0S"
	}
	return text
}

func plainBytes(b []byte, kind string) string {
	text := hex.EncodeToString(b)
	if kind == "UUID" && len(b) == 16 {
		return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
	}
	return text
}
