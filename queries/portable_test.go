package queries

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// notPortable are the spellings that another engine reads differently or not
// at all. What a report needs of them stands in prelude.sql as a function of
// ours, which each engine gets in its own words.
var notPortable = map[string]string{
	`\barg_(max|min)\s*\(`:           "argMax and argMin are known to both",
	`\bquantile_\w+\s*\(`:            "es_p50, es_p95, es_quantiles",
	`\bpercentile_cont\b`:            "es_p50, es_p95",
	`\bbool_(or|and)\s*\(`:           "es_any",
	`\bstring_agg\s*\([^()]*order\b`: "no order within string_agg",
	`\bsplit_part\s*\(`:              "string functions differ",
	`\bstring_split\s*\(`:            "es_split",
	`\bunnest\s*\(`:                  "es_split",
	`\bstarts_with\s*\(`:             "left(a, n) = b",
	`\blist\s*\(`:                    "lists differ",
	`\bany_value\s*\(`:               "max",
	`\bgenerate_series\s*\(`:         "es_numbers",
	`\brange\s*\(`:                   "es_numbers",
	`->>`:                            "es_json_str",
	`\bjson_extract\w*\s*\(`:         "es_json_str",
	`\bregexp_replace\s*\(`:          "es_re_replace, es_folded, es_skeleton",
	`\bepoch_(ms|us)\s*\(`:           "es_epoch_ms, es_slot, es_place",
	`\btime_bucket\s*\(`:             "es_slot",
	`\blength\s*\(`:                  "char_length",
	`\b(md5|sha256|hash)\s*\(`:       "hashes differ",
	`\bGROUP BY ALL\b`:               "name the columns",
	`\bNOT MATERIALIZED\b`:           "a plain CTE",
	`\bAS MATERIALIZED\b`:            "a plain CTE",
	`\bROUND\s*\(`:                   "es_round: halves go different ways",
	`\bdate_trunc\s*\(\s*'week'`:     "a date in one engine, a time in the other",
	`\bHUGEINT\b`:                    "es_place",
	`//`:                             "whole division is spelled differently",
}

// known are the files that still use one of these, with what they use: they
// were written before, and the list may only become shorter.
var known = map[string]bool{}

// TestReportsArePortable: the questions of reports must run on another engine,
// with a prelude of its own.
func TestReportsArePortable(t *testing.T) {
	list, err := fs.Glob(os.DirFS("reports"), "*.sql")
	if err != nil || len(list) == 0 {
		t.Fatalf("%d files, error %v", len(list), err)
	}
	patterns := map[string]*regexp.Regexp{}
	for p := range notPortable {
		patterns[p] = regexp.MustCompile(`(?i)` + p)
	}
	used := map[string]bool{}
	for _, file := range list {
		raw, err := os.ReadFile(filepath.Join("reports", file))
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(raw), "\n") {
			code, _, _ := strings.Cut(line, "--")
			for p, re := range patterns {
				if !re.MatchString(code) {
					continue
				}
				if key := file + " " + p; known[key] {
					used[key] = true
				} else {
					t.Errorf("reports/%s:%d: %q is not portable: %s", file, i+1, re.FindString(code), notPortable[p])
				}
			}
		}
	}
	for key := range known {
		if !used[key] {
			t.Errorf("%s is mended: take it off the list", key)
		}
	}
}
