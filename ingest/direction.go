package ingest

import "github.com/errscope/errscope/record"

// The formats of proxies that log what they refused to send.
const (
	formatHAProxy = "haproxy"
	formatSquid   = "squid"
)

// setDirection says who called whom: a browser that came back from a vendor, a
// call of ours, or a call to us. outbound is what the format itself knows.
func setDirection(b *record.Bindings, d *record.Draft, outbound bool) {
	vendor := false
	if b != nil {
		vendor = b.Pack(d.Host, d.Path) != ""
		if !vendor && len(d.Path) > 0 && b.CallbackPack(d.Path) != "" {
			d.Direction = record.Callback
			return
		}
	}
	d.Direction = record.Inbound
	if vendor || outbound {
		d.Direction = record.Outbound
	}
}

// Redirect says who called whom in a stored exchange, by the bindings of now.
// was is what was told when it was read, by those of then. A call that is ours
// by its format stays ours; one that the format kept back, since a proxy of our
// own refused it, stays back.
func Redirect(b *record.Bindings, was record.Direction, host, path []byte, format string) record.Direction {
	switch {
	case was == record.Inbound && (format == formatHAProxy || format == formatSquid):
		return was
	case b.Pack(host, path) != "":
		return record.Outbound
	case len(path) > 0 && b.CallbackPack(path) != "":
		return record.Callback
	case was == record.Callback:
		return record.Inbound
	}
	return was
}
