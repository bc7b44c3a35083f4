package ingest_test

import "testing"

// railsCase reads input, of which the last line is whole, and wants these fields.
func railsCase(t *testing.T) func(name, input string, want ...string) {
	f := lineCase(t, "rails")
	return func(name, input string, want ...string) {
		t.Helper()
		f(name, input+"\n", want...)
	}
}

func TestRails(t *testing.T) {
	f := railsCase(t)
	f(`two requests by their tags`, `I, [2026-03-04T09:15:02.118294 #12]  INFO -- : [a1] Started GET "/orders?x=1" for 203.0.113.7 at 2026-03-04 09:15:02 +0100
I, [2026-03-04T09:15:02.119294 #12]  INFO -- : [b2] Started POST "/carts" for ::1 at 2026-03-04 09:15:02 +0100
I, [2026-03-04T09:15:02.119294 #12]  INFO -- : [a1] Processing by OrdersController#index as JSON
I, [2026-03-04T09:15:02.219294 #12]  INFO -- : [a1] request: GET https://api.example.com/f
I, [2026-03-04T09:15:02.319294 #12]  INFO -- : [a1] response: Status 503
I, [2026-03-04T09:15:02.349294 #12]  INFO -- : [b2] Completed 422 Unprocessable Entity in 230ms (Views: 1.2ms)
I, [2026-03-04T09:15:02.449294 #12]  INFO -- : [a1] Completed 200 OK in 331ms`,
		`client time=2026-03-04T08:15:02.319294Z method=GET scheme=https host=api.example.com path=/f target=https://api.example.com/f status=503 outbound`,
		`time=2026-03-04T08:15:02.349294Z method=POST path=/carts status=422 duration=230ms client=::1 inbound`,
		`time=2026-03-04T08:15:02.449294Z method=GET path=/orders query=x=1 status=200 duration=331ms client=203.0.113.7 inbound`)
	f(`no tags`, `Started GET "/a" for 203.0.113.7 at 2026-03-04 09:15:02 +0000
Processing by AController#b as HTML
  Parameters: {"x"=>"1"}
Completed 429 Too Many Requests in 31ms (Views: 0.2ms)`,
		`time=2026-03-04T09:15:02Z logged=2026-03-04T09:15:02Z method=GET path=/a status=429 duration=31ms client=203.0.113.7 inbound`)
	f(`an error ends a request`, `Started GET "/b" for 203.0.113.7 at 2026-03-04 09:15:03 +0000
ActionController::RoutingError (No route matches [GET] "/b"):
Started GET "/c" for 203.0.113.7 at 2026-03-04 09:15:04 +0000
Completed 500 Internal Server Error in 5ms`,
		`time=2026-03-04T09:15:04Z logged=2026-03-04T09:15:04Z method=GET path=/c status=500 duration=5ms client=203.0.113.7 inbound`)
	f(`not told apart`, `Started GET "/b" for 203.0.113.7 at 2026-03-04 09:15:03 +0000
Started GET "/c" for 203.0.113.8 at 2026-03-04 09:15:03 +0000
Completed 500 Internal Server Error in 5ms`,
		`method=GET status=500 duration=5ms inbound`)
	f(`no status`, `Started GET "/b" for 203.0.113.7 at 2026-03-04 09:15:03 +0000
Completed   in 5ms`,
		`time=2026-03-04T09:15:03Z logged=2026-03-04T09:15:03Z method=GET path=/b duration=5ms client=203.0.113.7 inbound`)
	f(`cut off`, `Started GET "/b" for 203.0.113.7`,
		`reject=truncated raw="Started GET \"/b\" for 203.0.113.7"`)
	f(`no time`, `Started GET "/b" for 203.0.113.7 at noon`,
		`reject=time raw="Started GET \"/b\" for 203.0.113.7 at noon"`)
	f(`other words`, `Started worker
Completed 5 jobs in 5ms
Completed 500 of 600`)
}
