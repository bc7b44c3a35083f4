package demo

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
)

// secrets are the planted values that must not leave the logs. Each says that
// it is a demo, and each has the shape of the real thing. What was used is
// listed in the truth.
type secrets struct {
	carsxeWeb, carsxeFleet           string
	smartcar                         string
	caravanKey, caravanToken         string
	caravanClient                    string
	aion, acme                       string
	card, password                   string
	sessions, callbackCodes, callers []string

	used map[string]bool
}

// poolSize is how many sessions and callback codes go round.
const poolSize = 6

func newSecrets(seed uint64) *secrets {
	random := rand.New(rand.NewPCG(seed, 0x5ec2e7))
	s := &secrets{
		carsxeWeb:     "demo-carsxe-key-" + word(random, alnum, 24),
		carsxeFleet:   "demo-carsxe-key-" + word(random, alnum, 24),
		smartcar:      demoJWT(random, "demo-fleet-application"),
		caravanKey:    "cg_live_demo" + word(random, alnum, 28),
		caravanToken:  demoJWT(random, "demo-dealer-client"),
		caravanClient: "demo-client-secret-" + word(random, alnum, 24),
		aion:          "aion_demo" + word(random, alnum, 32),
		acme:          "demo-acme-token-" + word(random, alnum, 32),
		card:          "4111111111111111", // the well-known test number
		password:      "demo-Pass-" + word(random, alnum, 12),
		used:          map[string]bool{},
	}
	for range poolSize {
		s.sessions = append(s.sessions, "demo-session-"+word(random, alnum, 26))
		s.callbackCodes = append(s.callbackCodes, "demo-connect-code-"+word(random, hexDigits, 24))
		s.callers = append(s.callers, "demo-state-"+word(random, alnum, 18))
	}
	return s
}

// demoJWT has three parts like any other, and a signature that signs nothing.
func demoJWT(random *rand.Rand, subject string) string {
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." +
		part(fmt.Appendf(nil, `{"iss":"demo.invalid","sub":%q,"jti":"%s"}`, subject, word(random, hexDigits, 16))) + "." +
		"demoSignature" + word(random, alnum, 30)
}

// use hands a value out and remembers that it is in the files.
func (s *secrets) use(value string) string {
	s.used[value] = true
	return value
}

// turn hands out the values of a pool in turn, so that each gets used.
func (s *secrets) turn(pool []string, n int64) string { return s.use(pool[n%int64(len(pool))]) }

func (s *secrets) list() []string {
	var all []string
	for value := range s.used {
		all = append(all, value)
	}
	slices.Sort(all)
	return all
}
