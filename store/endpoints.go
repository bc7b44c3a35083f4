package store

import (
	"context"
	"database/sql/driver"
	"encoding/binary"
	"math"
	"strings"
	"sync"

	"github.com/errscope/errscope/queries"
)

const (
	// endpointsMax bounds the endpoints held in memory (some 300 bytes each).
	// Rows of those that find no room are stored with all columns.
	endpointsMax = 1 << 17
	// endpointsKnown is how many stored endpoints a load begins with.
	endpointsKnown = endpointsMax / 2
	// endpointBytesMax bounds the texts of one endpoint together.
	endpointBytesMax = 1 << 10
)

// endpoint is one row of endpoints: what calls of one kind have in common.
type endpoint struct {
	ID        int64  `sql:"endpoint_id"`
	Vendor    string `sql:"vendor"`
	Host      string `sql:"host"`
	Method    string `sql:"method"`
	Route     string `sql:"route"`
	Direction string `sql:"direction"`
	Account   string `sql:"account"`
	// Answered says that the vendor may have been told by headers or a body,
	// which are not kept; where it is not known it counts as true.
	Answered bool `sql:"answered"`
	// NamedVendor is the pack that the input itself named.
	NamedVendor string `sql:"named_vendor"`
}

// endpoints numbers endpoints, for all workers of a load.
type endpoints struct {
	mu    sync.Mutex
	ids   map[string]int32 // by appendEndpointKey
	next  int64
	fresh []endpoint // not stored yet
}

// loadEndpoints reads what is numbered already, so that a database that grows
// night by night does not gather the same endpoints again and again.
func (tx transaction) loadEndpoints(ctx context.Context) (*endpoints, error) {
	stored, err := askIn[endpoint](ctx, tx, queries.Endpoints, args{"limit": endpointsKnown})
	if err != nil {
		return nil, err
	}
	e := &endpoints{ids: make(map[string]int32, len(stored)), next: 1}
	for _, s := range stored {
		key := appendEndpointKey(nil, s.Answered, s.Vendor, s.Account, s.Direction, []byte(s.NamedVendor), []byte(s.Method), []byte(s.Host), []byte(s.Route))
		e.ids[string(key)] = int32(s.ID)
		e.next = max(e.next, s.ID+1)
	}
	return e, nil
}

// makeRoom forgets all where there is no room: those to come matter more than
// those of long ago.
func (e *endpoints) makeRoom() {
	if len(e.ids) >= endpointsMax {
		clear(e.ids)
	}
}

// number gives the endpoint's number, 0 where there is no room for another.
func (e *endpoints) number(key string, fill func() endpoint) int32 {
	e.mu.Lock()
	defer e.mu.Unlock()
	if id := e.ids[key]; id != 0 {
		return id
	}
	if len(e.ids) >= endpointsMax || e.next > math.MaxInt32 {
		return 0
	}
	id := int32(e.next)
	e.next++
	e.ids[key] = id
	stored := fill()
	stored.ID = int64(id)
	e.fresh = append(e.fresh, stored)
	return id
}

// appendEndpointKey appends what tells endpoints apart: each text with its
// length before it.
func appendEndpointKey(dst []byte, answered bool, vendor, account, direction string, named, method, host, route []byte) []byte {
	if answered {
		dst = append(dst, 1)
	} else {
		dst = append(dst, 0)
	}
	for _, text := range [...]string{vendor, account, direction} {
		dst = append(binary.AppendUvarint(dst, uint64(len(text))), text...)
	}
	for _, text := range [...][]byte{named, method, host} {
		dst = append(binary.AppendUvarint(dst, uint64(len(text))), text...)
	}
	return append(dst, route...)
}

// storeEndpoints writes those that are new.
func (tx transaction) storeEndpoints(ctx context.Context, e *endpoints) error {
	err := tx.fill(ctx, "endpoints", len(e.fresh), func(i int) []driver.Value {
		f := e.fresh[i]
		list := []driver.Value{int32(f.ID)}
		for _, text := range [...]string{f.Vendor, f.Host, f.Method, f.Route, f.Direction, f.Account} {
			list = append(list, nullText(strings.ToValidUTF8(text, "\uFFFD")))
		}
		return append(list, f.Answered, nullText(strings.ToValidUTF8(f.NamedVendor, "\uFFFD")))
	})
	e.fresh = nil
	return err
}
