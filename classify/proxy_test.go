package classify

import "testing"

// TestBehindProxy holds what a proxy's answer says of the vendor.
func TestBehindProxy(t *testing.T) {
	for _, c := range []struct {
		name, method   string
		status         int
		upstream, says string
		rule, fault    string
	}{
		{"a retry hid it", "GET", 200, "502, 200", "", "carsxe/status-502", "upstream"},
		{"the last of several", "GET", 200, "502, 503, 200", "", "carsxe/status-503", "upstream"},
		{"another group answered", "GET", 200, "504 : 200", "", "carsxe/status-504", "upstream"},
		{"an old copy was served", "GET", 200, "502", "", "carsxe/status-502", "upstream"},
		{"no retry", "GET", 200, "200", "", "", ""},
		{"none was asked", "GET", 200, "-", "", "", ""},
		{"a size is no status", "GET", 200, "5020, 200", "", "", ""},
		{"both failed", "GET", 504, "502, 504", "", "carsxe/status-504", "upstream"},
		{"a tunnel", "CONNECT", 200, "", "", "", ""},
		{"no tunnel allowed", "CONNECT", 403, "", "", "global/status-0-tunnel", "caller"},
		{"no tunnel without a credential", "CONNECT", 407, "", "", "global/status-0-tunnel", "caller"},
		{"no tunnel came about", "CONNECT", 503, "", "", "global/status-0", "unknown"},
		{"the mesh refused", "GET", 502, "", "blocked by the mesh: BlackHoleCluster", "global/status-502-blocked", "caller"},
		{"the mesh knew no way", "GET", 404, "", "no route configured (NR)", "global/status-404-no-route", "caller"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := carsxe(t, "/specs?key=k", c.status, "")
			r.Method, r.UpstreamStatus, r.Failure = []byte(c.method), []byte(c.upstream), []byte(c.says)
			out := label(t, r)
			if r.Status != c.status {
				t.Errorf("the record's own status became %d", r.Status)
			}
			if out.Rule != c.rule || string(out.Fault) != c.fault || out.Failure != (c.rule != "") {
				t.Errorf("rule %s, fault %s, failure %v", out.Rule, out.Fault, out.Failure)
			}
			expect(t, out, "vendor carsxe")
		})
	}
}
