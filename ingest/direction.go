package ingest

import "github.com/errscope/errscope/record"

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
