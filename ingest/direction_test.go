package ingest

import (
	"testing"

	"github.com/errscope/errscope/record"
)

func TestRedirect(t *testing.T) {
	b := record.NewBindings([]record.HostBinding{{Host: "api.acme.example", Pack: "acme"}}, []record.CallbackBinding{{Pack: "acme"}})
	for _, c := range []struct {
		was        record.Direction
		host, path string
		format     string
		want       record.Direction
	}{
		{record.Inbound, "api.acme.example", "/x", "combined", record.Outbound},
		{record.Inbound, "api.acme.example", "/x", "squid", record.Inbound}, // refused by the proxy of our own
		{record.Inbound, "api.acme.example", "/x", "haproxy", record.Inbound},
		{record.Outbound, "api.acme.example", "/x", "squid", record.Outbound},
		{record.Inbound, "www.ours.example", "/connect/acme/callback", "combined", record.Callback},
		{record.Outbound, "www.ours.example", "/connect/acme/callback", "har", record.Callback},
		{record.Callback, "www.ours.example", "/connect/other/callback", "combined", record.Inbound},
		{record.Inbound, "www.ours.example", "/x", "combined", record.Inbound},
		{record.Outbound, "api.other.example", "", "combined", record.Outbound},
	} {
		if got := Redirect(b, c.was, []byte(c.host), []byte(c.path), c.format); got != c.want {
			t.Errorf("%+v: it is %s", c, got)
		}
	}
}
