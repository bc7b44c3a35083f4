package tui

import (
	"testing"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

func TestOtherStatus(t *testing.T) {
	for _, tt := range []struct {
		also   string
		status int
		want   string
	}{
		{"", 0, ""},
		{"a.har at byte 9 (by trace)", record.Absent, ""},
		{"a.har at byte 9 (by trace)", 504, ""},
		{"a.har at byte 9 (by trace)", 0, "another line says that there was no response"},
		{"a.har at byte 9 (by trace)", 502, "another line says status 502"},
	} {
		if got := otherStatus(&queries.Exchange{Status: 504, AlsoAt: tt.also, OtherStatus: tt.status}); got != tt.want {
			t.Errorf("%q and %d: %q", tt.also, tt.status, got)
		}
	}
}
