package record

import "testing"

func TestBindings(t *testing.T) {
	b := NewBindings([]HostBinding{
		{Host: "api.carsxe.com", Pack: "carsxe"},
		{Host: "*.smartcar.com", Pack: "smartcar"},
		{Host: "*.eu.smartcar.com", Pack: "smartcar-eu"},
		{Host: "gateway.local", PathPrefix: "/carsxe/", Pack: "carsxe"},
		{Host: "gateway.local", PathPrefix: "/carsxe/v3/", Pack: "carsxe3"},
		{Host: "twice.example", Pack: "first"},
		{Host: "twice.example", Pack: "second"},
		{Host: "*.deep.example", PathPrefix: "/a", Pack: "deep"},
	}, []CallbackBinding{{Path: "/hook", Pack: "aion"}, {Pack: "smartcar"}})
	for _, c := range []struct{ host, path, want string }{
		{"api.carsxe.com", "/specs", "carsxe"}, {"api.carsxe.com", "", "carsxe"}, {"xapi.carsxe.com", "/", ""}, {"", "/", ""},
		{"vehicle.api.smartcar.com", "/", "smartcar"}, {"smartcar.com", "/", "smartcar"}, {"notsmartcar.com", "/", ""},
		{"a.eu.smartcar.com", "/", "smartcar-eu"}, {"eu.smartcar.com", "/", "smartcar-eu"},
		{"gateway.local", "/carsxe/specs", "carsxe"}, {"gateway.local", "/carsxe/v3/specs", "carsxe3"}, {"gateway.local", "/other", ""},
		{"twice.example", "/", "second"}, {"x.deep.example", "/ab", "deep"}, {"x.deep.example", "/b", ""},
	} {
		if got := b.Pack([]byte(c.host), []byte(c.path)); got != c.want {
			t.Errorf("%s%s speaks %q, want %q", c.host, c.path, got, c.want)
		}
	}
	for path, want := range map[string]string{
		"/hook": "aion", "/hook/": "", "/connect/smartcar/callback": "smartcar", "/Connect/SmartCar/Callback": "smartcar",
		"/smartcar/redirect/": "smartcar", "/exchange/smartcar": "smartcar", "/smartcar/vehicles": "", "/callback": "", "": "", "/smartcars/callback": "",
	} {
		if got := b.CallbackPack([]byte(path)); got != want {
			t.Errorf("%s is a callback of %q, want %q", path, got, want)
		}
	}
}
