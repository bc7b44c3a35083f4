package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// The clusters of Istio that are no service of their own.
const (
	clusterPassthrough = "PassthroughCluster" // a host that nobody declared
	clusterBlackHole   = "BlackHoleCluster"   // a call that the mesh does not let out
)

// mesh reads the columns that Istio adds at the end and says whether we were
// the caller. Without them an upstream outside our own networks tells it.
func (p *envoyLines) mesh(b []byte, d *record.Draft) (outbound bool) {
	b = trimSpace(b)
	if len(b) == 0 || b[0] == '"' {
		return len(d.UpstreamHost) > 0 && !isOwnAddress(d.UpstreamHost)
	}
	// cluster, upstream's local, our local, remote, SNI; a route may follow.
	var words [5][]byte
	for i := range words {
		end := bytes.IndexByte(b, ' ')
		if end < 0 {
			words[i] = b
			break
		}
		words[i] = b[:end]
		b = b[end+1:]
	}
	for i := range words {
		if len(words[i]) == 1 && words[i][0] == '-' {
			words[i] = nil
		}
	}
	p.row.cluster, p.row.sni = words[0], words[4]
	if len(d.Client) == 0 && isIP(words[3]) {
		d.Client = withoutPort(words[3])
	}
	cluster := p.row.cluster
	switch {
	case bytes.HasPrefix(cluster, []byte("outbound|")), string(cluster) == clusterPassthrough, string(cluster) == clusterBlackHole:
		outbound = true
	case bytes.HasPrefix(cluster, []byte("inbound|")), bytes.HasPrefix(cluster, []byte("Inbound")):
	case len(cluster) > 0:
		outbound = len(d.UpstreamHost) > 0 && !isOwnAddress(d.UpstreamHost)
	default: // no route was found; a tunnel names a foreign host only on its way out
		outbound = p.row.tunnel && isHostName(p.row.sni)
	}
	if len(d.Host) == 0 {
		d.Host = p.meshHost(outbound)
	}
	return outbound
}

// meshHost is who was called where no authority says it: who the TLS handshake
// asked for, else the host of the cluster.
func (p *envoyLines) meshHost(outbound bool) []byte {
	// The sidecars' own handshakes name a cluster: "outbound_.8000_._.host".
	if sni := p.row.sni; len(sni) > 0 && !bytes.HasPrefix(sni, []byte("outbound_")) {
		return p.arena.host(sni)
	}
	if i := bytes.LastIndexByte(p.row.cluster, '|'); i >= 0 && outbound {
		return p.arena.host(p.row.cluster[i+1:])
	}
	return nil
}

// outcome says what a status of Envoy's own means. A tunnel that nothing broke
// says nothing of what went through it.
func (p *envoyLines) outcome(d *record.Draft) {
	blocked := string(p.row.cluster) == clusterBlackHole
	if p.row.tunnel && d.Status == 0 && !blocked && p.tunnelEnded(d) {
		d.Status = record.Absent
		return
	}
	if d.Status > 0 && d.Status < 400 || d.Status == record.Absent {
		return
	}
	details := p.row.details
	if string(details) == "via_upstream" {
		details = nil
	}
	if len(p.row.flags) == 0 && len(details) == 0 && len(p.row.reason) == 0 && !blocked {
		return // the far side's own answer
	}
	a := &p.arena
	start := len(a.buf)
	switch {
	case blocked:
		a.buf = append(a.buf, "blocked by the mesh: "...)
		a.buf = append(a.buf, clusterBlackHole...)
	case len(p.row.reason) > 0:
		a.buf = append(a.buf, p.row.reason...)
	default:
		a.buf = appendFlagWords(a.buf, p.row.flags)
		if len(a.buf) > start && len(details) > 0 {
			a.buf = append(a.buf, ": "...)
		}
		a.buf = append(a.buf, details...)
	}
	if len(p.row.flags) > 0 {
		if len(a.buf) > start {
			a.buf = append(a.buf, ' ')
		}
		a.buf = append(a.buf, '(')
		a.buf = append(a.buf, p.row.flags...)
		a.buf = append(a.buf, ')')
	}
	d.Failure = a.buf[start:len(a.buf):len(a.buf)]
}

// tunnelEnded reports whether a TCP connection did its work: no flag, or one
// that says only how it ended after bytes came back.
func (p *envoyLines) tunnelEnded(d *record.Draft) bool {
	switch string(p.row.flags) {
	case "":
		return true
	case "DC", "SI", "DT":
		return d.Bytes > 0
	}
	return false
}

// flagWords are what Envoy's manual says of its response flags, in words that
// labels of calls without a response go by.
var flagWords = [...]struct{ flag, words string }{
	{"UH", "no healthy upstream host, unreachable"}, {"UF", "upstream connection failure, unreachable"}, {"UO", "upstream overflow, circuit breaker open"},
	{"NR", "no route configured"}, {"URX", "upstream retry limit exceeded"}, {"NC", "upstream cluster not found"},
	{"NFCF", "no filter chain found"}, {"DT", "maximum duration exceeded"}, {"DC", "client disconnected"},
	{"LH", "local service failed its health check"}, {"UT", "upstream request timeout"}, {"LR", "connection reset locally"},
	{"UR", "upstream remote reset, connection reset"}, {"UC", "upstream connection reset"}, {"DI", "delay injected"}, {"FI", "fault injected"},
	{"RL", "rate limited by the proxy"}, {"UAEX", "denied by external authorization"}, {"RLSE", "rate limit service error"},
	{"IH", "invalid header"}, {"SI", "stream idle timeout"}, {"DPE", "downstream protocol error"}, {"UPE", "upstream protocol error"},
	{"UMSDR", "upstream maximum stream duration reached, timeout"}, {"OM", "overload manager"}, {"DF", "DNS resolution failure"},
	{"DO", "dropped by overload"}, {"DR", "downstream remote reset"}, {"UDO", "dropped by upstream overload"},
}

// appendFlagWords spells out a list of flags.
func appendFlagWords(dst, flags []byte) []byte {
	start := len(dst)
	for len(flags) > 0 {
		flag := flags
		if i := bytes.IndexByte(flags, ','); i >= 0 {
			flag, flags = flags[:i], flags[i+1:]
		} else {
			flags = nil
		}
		for i := range flagWords {
			if flagWords[i].flag == string(flag) {
				if len(dst) > start {
					dst = append(dst, ", "...)
				}
				dst = append(dst, flagWords[i].words...)
				break
			}
		}
	}
	return dst
}
