package ingest_test

import "testing"

// clientCase reads input, of which the last line is whole, and wants these fields.
func clientCase(t *testing.T) func(name, input string, want ...string) {
	f := lineCase(t, "client")
	return func(name, input string, want ...string) {
		t.Helper()
		f(name, input+"\n", want...)
	}
}

func TestClientPython(t *testing.T) {
	f := clientCase(t)
	f(`httpx`, `INFO [2026-03-04 09:15:02] httpx - HTTP Request: GET https://api.carsxe.com/specs?vin=1 "HTTP/1.1 429 Too Many Requests"`,
		`time=2026-03-04T09:15:02Z method=GET scheme=https host=api.carsxe.com path=/specs query=vin=1 target=https://api.carsxe.com/specs?vin=1 version=1.1 status=429 outbound`)
	f(`httpx of older SDKs writes no protocol`, `INFO:httpx:HTTP Request: POST https://API.example.com:8443/v1 "200 OK"`,
		`method=POST scheme=https host=api.example.com path=/v1 target=https://API.example.com:8443/v1 status=200 outbound`)
	f(`httpx without an answer`, `HTTP Request: POST https://api.example.com/v1`)
	f(`a progress bar in front`, ` 40%|####      | 2/5 [00:01<00:02,  1.4it/s]2026-03-04 09:15:02,118 - httpx - INFO - HTTP Request: GET https://api.example.com/ "HTTP/2 503 Service Unavailable"`,
		`time=2026-03-04T09:15:02.118Z method=GET scheme=https host=api.example.com path=/ target=https://api.example.com/ version=2 status=503 outbound`)
	f(`httpx cut off`, `2026-03-04 09:15:02 HTTP Request: GET https://api.example.com/ "HTTP/1.1 4`,
		`reject=truncated raw="2026-03-04 09:15:02 HTTP Request: GET https://api.example.com/ \"HTTP/1.1 4"`)
	f(`httpx with no status`, `HTTP Request: GET https://api.example.com/ "HTTP/1.1 abc"`,
		`reject=status raw="HTTP Request: GET https://api.example.com/ \"HTTP/1.1 abc\""`)
	f(`the header fields that httpcore logged`, `DEBUG httpcore.http11 - receive_response_headers.complete return_value=(b'HTTP/1.1', 429, b'Too Many Requests', [(b'retry-after', b'30'), (b'x-request-id', b'r-1')])
INFO httpx - HTTP Request: GET https://api.example.com/x "HTTP/1.1 429 Too Many Requests"
INFO httpx - HTTP Request: GET https://api.example.com/x "HTTP/1.1 429 Too Many Requests"`,
		`method=GET scheme=https host=api.example.com path=/x target=https://api.example.com/x version=1.1 status=429 request_id=r-1 < retry-after=30 < x-request-id=r-1 outbound`,
		`method=GET scheme=https host=api.example.com path=/x target=https://api.example.com/x version=1.1 status=429 outbound`)
	f(`an SDK's line about what httpx logged`, `2026-03-04 09:15:02,118 INFO httpx: HTTP Request: POST https://ai.example.com/v1/chat "HTTP/1.1 429 Too Many Requests"
2026-03-04 09:15:02,119 DEBUG sdk: HTTP Response: POST https://ai.example.com/v1/chat "429 Too Many Requests" Headers({'retry-after': '3'})
2026-03-04 09:15:02,120 INFO sdk: Retrying request to /chat in 0.500000 seconds
2026-03-04 09:15:02,900 INFO httpx: HTTP Request: POST https://ai.example.com/v1/chat "HTTP/1.1 429 Too Many Requests"
sdk.RateLimitError: Error code: 429 - {'error': {'message': 'slow'}}`,
		`time=2026-03-04T09:15:02.118Z method=POST scheme=https host=ai.example.com path=/v1/chat target=https://ai.example.com/v1/chat version=1.1 status=429 outbound`,
		`time=2026-03-04T09:15:02.900Z method=POST scheme=https host=ai.example.com path=/v1/chat target=https://ai.example.com/v1/chat version=1.1 status=429 outbound`)
	f(`an SDK's line alone`, `DEBUG sdk: HTTP Response: POST https://ai.example.com/v1/chat "429 Too Many Requests" Headers({'retry-after': '3', 'x-request-id': 'r-2'})`,
		`method=POST scheme=https host=ai.example.com path=/v1/chat target=https://ai.example.com/v1/chat status=429 request_id=r-2 < retry-after=3 < x-request-id=r-2 outbound`)
	f(`an SDK's error alone`, `2026-03-04 09:15:02,118 ERROR app: Error code: 400 - {'error': {'message': "it's \'so\' \"big\"", 'param': None, 'ok': False, 'n': (1, 2)}} and more`,
		`time=2026-03-04T09:15:02.118Z status=400 body="{\"error\": {\"message\": \"it's 'so' \\\"big\\\"\", \"param\": null, \"ok\": false, \"n\": [1, 2]}}" outbound`)
	f(`an SDK's error cut off`, `Error code: 400 - {'error': {'message': 'too lo`,
		`status=400 body="{\"error\": {\"message\": \"too lo" outbound`)
	f(`a level is no status`, `Error code: 42 - {'a': 1}`)
	f(`urllib3`, `2026-03-04T09:15:02.118+01:00 DEBUG urllib3.connectionpool: https://api.example.com:443 "POST /v1/x?y=1 HTTP/1.1" 429 187`,
		`time=2026-03-04T08:15:02.118Z method=POST scheme=https host=api.example.com path=/v1/x query=y=1 version=1.1 status=429 bytes=187 outbound`)
	f(`urllib3 without a length`, `DEBUG:urllib3.connectionpool:http://localhost:8080 "GET / HTTP/1.1" 204 None`,
		`method=GET scheme=http host=localhost path=/ version=1.1 status=204 outbound`)
	f(`urllib3 cut off`, `https://api.example.com:443 "POST /v1/x HTTP/1.1" 4`,
		`reject=truncated raw="https://api.example.com:443 \"POST /v1/x HTTP/1.1\" 4"`)
	f(`retries of urllib3`, `2026-03-04 09:15:01,118 DEBUG urllib3: Starting new HTTPS connection (1): api.example.com:443
2026-03-04 09:15:02,118 WARNING urllib3: Retrying (Retry(total=1, connect=None)) after connection broken by 'NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection refused')': /v1/x
2026-03-04 09:15:03,118 WARNING urllib3: Retrying (Retry(total=0, connect=None)) after connection broken by 'ReadTimeoutError("HTTPSConnectionPool(host='b.example.com', port=443): Read timed out. (read timeout=10)")': /v1/x
2026-03-04 09:15:04,118 ERROR app: boom
Traceback (most recent call last):
  File "/app/x.py", line 3, in <module>
urllib3.exceptions.MaxRetryError: HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: /v1/x (Caused by NewConnectionError('refused'))
During handling of the above exception, another exception occurred:
requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: /v1/x (Caused by NewConnectionError('refused'))`,
		`time=2026-03-04T09:15:02.118Z host=api.example.com path=/v1/x status=0 failure="NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection refused')" outbound`,
		`time=2026-03-04T09:15:03.118Z scheme=https host=b.example.com path=/v1/x status=0 failure="ReadTimeoutError(\"HTTPSConnectionPool(host='b.example.com', port=443): Read timed out. (read timeout=10)\")" outbound`,
		`time=2026-03-04T09:15:04.118Z scheme=https host=api.example.com path=/v1/x status=0 failure=NewConnectionError('refused') outbound`)
	f(`words about retries`, `Retrying (Retry(total=2, …)) after connection broken by 'why': the only record of it`)
	f(`too many answers of a kind`, `requests.exceptions.RetryError: HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: /v1/x (Caused by ResponseError('too many 429 error responses'))`,
		`scheme=https host=api.example.com path=/v1/x status=429 outbound`)
}

func TestClientPythonErrors(t *testing.T) {
	f := clientCase(t)
	f(`requests`, `2026-03-04 09:15:02,118 ERROR app: failed: 429 Client Error: Too Many Requests for url: https://api.example.com/v1/x?y=1
Traceback (most recent call last):
requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://api.example.com/v1/x?y=1
2026-03-04 09:15:04,118 ERROR app: failed: HTTPError('429 Client Error: Too Many Requests for url: https://api.example.com/v1/x?y=1')`,
		`time=2026-03-04T09:15:02.118Z scheme=https host=api.example.com path=/v1/x query=y=1 target=https://api.example.com/v1/x?y=1 status=429 outbound`,
		`time=2026-03-04T09:15:04.118Z scheme=https host=api.example.com path=/v1/x query=y=1 target=https://api.example.com/v1/x?y=1 status=429 outbound`)
	f(`two attempts and their errors`, `2026-03-04 09:15:02,118 DEBUG urllib3: https://api.example.com:443 "GET /x HTTP/1.1" 500 9
2026-03-04 09:15:03,118 ERROR app: 500 Server Error: Internal Server Error for url: https://api.example.com/x
2026-03-04 09:15:04,118 DEBUG urllib3: https://api.example.com:443 "GET /x HTTP/1.1" 500 9
2026-03-04 09:15:05,118 ERROR app: 500 Server Error: Internal Server Error for url: https://api.example.com/x`,
		`time=2026-03-04T09:15:02.118Z method=GET scheme=https host=api.example.com path=/x version=1.1 status=500 bytes=9 outbound`,
		`time=2026-03-04T09:15:04.118Z method=GET scheme=https host=api.example.com path=/x version=1.1 status=500 bytes=9 outbound`)
	f(`httpx's error`, `httpx.HTTPStatusError: Client error '404 Not Found' for url 'https://api.example.com/Items('a')/x'
For more information check: https://developer.example.com/404`,
		`scheme=https host=api.example.com path=/Items('a')/x target=https://api.example.com/Items('a')/x status=404 outbound`)
	f(`aiohttp's error`, `aiohttp.client_exceptions.ClientResponseError: 503, message='Service Unavailable', url=URL('https://api.example.com/q')`,
		`scheme=https host=api.example.com path=/q target=https://api.example.com/q status=503 outbound`)
	f(`aiohttp without a connection`, `aiohttp.client_exceptions.ClientConnectorError: Cannot connect to host c.example.com:443 ssl:default [Connect call failed ('203.0.113.9', 443)]`,
		`host=c.example.com status=0 failure="Connect call failed ('203.0.113.9', 443)" outbound`)
	f(`botocore`, `botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint URL: "https://sqs.example.com/"`,
		`scheme=https host=sqs.example.com path=/ target=https://sqs.example.com/ status=0 failure="Could not connect to the endpoint URL" outbound`)
}

func TestClientDotnet(t *testing.T) {
	f := clientCase(t)
	f(`attempts are counted`, `info: System.Net.Http.HttpClient.gh.LogicalHandler[100]
      Start processing HTTP request GET https://api.example.com/repos?*
info: System.Net.Http.HttpClient.gh.ClientHandler[100]
      Sending HTTP request GET https://api.example.com/repos?*
info: System.Net.Http.HttpClient.gh.ClientHandler[101]
      Received HTTP response headers after 3001,87ms - 429
info: Polly[3]
      Execution attempt. Source: 'gh', Result: '429', Handled: 'True', Attempt: '0', Execution Time: '84.2'
info: System.Net.Http.HttpClient.gh.ClientHandler[100]
      Sending HTTP request GET https://api.example.com/repos?*
info: System.Net.Http.HttpClient.gh.ClientHandler[101]
      Received HTTP response headers after 12.5ms - 200
info: System.Net.Http.HttpClient.gh.LogicalHandler[101]
      End processing HTTP request after 4000ms - 200`,
		`method=GET scheme=https host=api.example.com path=/repos target=https://api.example.com/repos status=429 duration=3.00187s outbound`,
		`method=GET scheme=https host=api.example.com path=/repos target=https://api.example.com/repos status=200 duration=12.5ms outbound`)
	f(`two clients between each other`, `info: System.Net.Http.HttpClient.a.ClientHandler[100]
      Sending HTTP request GET https://a.example.com/1
info: System.Net.Http.HttpClient.b.ClientHandler[100]
      Sending HTTP request POST https://b.example.com/2
info: System.Net.Http.HttpClient.a.ClientHandler[101]
      Received HTTP response headers after 5ms - 500
info: System.Net.Http.HttpClient.b.ClientHandler[101]
      Received HTTP response headers after 6ms - 201`,
		`method=GET scheme=https host=a.example.com path=/1 target=https://a.example.com/1 status=500 duration=5ms outbound`,
		`method=POST scheme=https host=b.example.com path=/2 target=https://b.example.com/2 status=201 duration=6ms outbound`)
	f(`told apart by their duration`, `2026-03-04 09:15:02.000 +00:00 [INF] Sending HTTP request GET https://a.example.com/1
2026-03-04 09:15:02.050 +00:00 [INF] Sending HTTP request GET https://b.example.com/2
2026-03-04 09:15:02.150 +00:00 [INF] Received HTTP response headers after 99.5ms - 404
2026-03-04 09:15:02.200 +00:00 [INF] Received HTTP response headers after 200.5ms - 200`,
		`time=2026-03-04T09:15:02.150Z method=GET scheme=https host=b.example.com path=/2 target=https://b.example.com/2 status=404 duration=99.5ms outbound`,
		`time=2026-03-04T09:15:02.200Z method=GET scheme=https host=a.example.com path=/1 target=https://a.example.com/1 status=200 duration=200.5ms outbound`)
	f(`not told apart`, `[09:15:02 INF] Sending HTTP request GET https://api.example.com/1
[09:15:02 INF] Sending HTTP request GET https://api.example.com/2
[09:15:02 INF] Received HTTP response headers after 99.5ms - 404`,
		`method=GET scheme=https host=api.example.com status=404 duration=99.5ms outbound`)
	f(`told apart by their trace`, `[INF] [4bf92f35] Sending HTTP request GET https://api.example.com/1
[INF] [0af76519] Sending HTTP request GET https://api.example.com/2
[INF] [4bf92f35] Received HTTP response headers after 99.5ms - 404
[INF] [0af76519] Received HTTP response headers after 99.5ms - 200`,
		`method=GET scheme=https host=api.example.com path=/1 target=https://api.example.com/1 status=404 duration=99.5ms outbound`,
		`method=GET scheme=https host=api.example.com path=/2 target=https://api.example.com/2 status=200 duration=99.5ms outbound`)
	f(`outer messages only`, `info: System.Net.Http.HttpClient.pay.LogicalHandler[100]
      Start processing HTTP request POST https://pay.example.com/charge
info: System.Net.Http.HttpClient.pay.LogicalHandler[101]
      End processing HTTP request after 40ms - 503`,
		`method=POST scheme=https host=pay.example.com path=/charge target=https://pay.example.com/charge status=503 duration=40ms outbound`)
	f(`the name of a status`, `Received HTTP response after 12.5ms - TooManyRequests`,
		`status=429 duration=12.5ms outbound`)
	f(`no answer`, `Start processing HTTP request GET https://c.example.com/3
Sending HTTP request GET https://c.example.com/3
HTTP request failed after 200.5ms
HTTP request failed after 201.5ms`,
		`method=GET scheme=https host=c.example.com path=/3 target=https://c.example.com/3 status=0 duration=200.5ms failure="HTTP request failed" outbound`)
	f(`cut off`, `Received HTTP response headers after 12`,
		`reject=truncated raw="Received HTTP response headers after 12"`)
	f(`no status`, `Received HTTP response headers after 12ms - x`,
		`reject=status raw="Received HTTP response headers after 12ms - x"`)
}

func TestClientJVM(t *testing.T) {
	f := clientCase(t)
	f(`OkHttp, basic`, `INFO: --> POST https://api.example.com/v1/x (7-byte body)
INFO: <-- 429 Too Many Requests https://api.example.com/v1/x (212ms, 40-byte body)`,
		`method=POST scheme=https host=api.example.com path=/v1/x target=https://api.example.com/v1/x status=429 bytes=40 duration=212ms outbound`)
	f(`OkHttp, whole`, `03-04 09:15:02.118  1234  1250 D OkHttp  : --> POST https://api.example.com/v1/x http/1.1
03-04 09:15:02.118  1234  1250 D OkHttp  : {"a":1}
03-04 09:15:02.118  1234  1250 D OkHttp  : --> END POST (7-byte body)
03-04 09:15:02.330  1234  1250 D OkHttp  : <-- 429 Too Many Requests https://api.example.com/v1/x (212ms)
03-04 09:15:02.331  1234  1251 D OkHttp  : --> GET https://api.example.com/v1/y
03-04 09:15:02.331  1234  1250 D OkHttp  : retry-after: 30
03-04 09:15:02.331  1234  1250 D OkHttp  : x-request-id: r-1
03-04 09:15:02.331  1234  1250 D OkHttp  : 
03-04 09:15:02.331  1234  1250 D OkHttp  : {"error":
03-04 09:15:02.331  1234  1250 D OkHttp  :  "slow"}
03-04 09:15:02.331  1234  1250 D OkHttp  : <-- END HTTP (18-byte body)
03-04 09:15:12.331  1234  1251 D OkHttp  : <-- HTTP FAILED: java.net.SocketTimeoutException: timeout`,
		`time=2026-03-04T09:15:02.330Z method=POST scheme=https host=api.example.com path=/v1/x target=https://api.example.com/v1/x status=429 bytes=18 duration=212ms request_id=r-1 < retry-after=30 < x-request-id=r-1 body="{\"error\":\n \"slow\"}" outbound`,
		`time=2026-03-04T09:15:12.331Z method=GET scheme=https host=api.example.com path=/v1/y target=https://api.example.com/v1/y status=0 failure="java.net.SocketTimeoutException: timeout" outbound`)
	f(`OkHttp, no prefix`, `--> GET https://api.example.com/z h2
--> END GET
<-- 200 https://api.example.com/z (12ms)
content-type: text/plain
hello
<-- END HTTP (5-byte body)`,
		`method=GET scheme=https host=api.example.com path=/z target=https://api.example.com/z status=200 bytes=5 duration=12ms < content-type=text/plain body=hello outbound`)
	f(`OkHttp 5 failed`, `--> GET https://api.example.com/z
<-- HTTP FAILED: java.net.ConnectException: refused. https://api.example.com/z (12ms)`,
		`method=GET scheme=https host=api.example.com path=/z target=https://api.example.com/z status=0 duration=12ms failure="java.net.ConnectException: refused" outbound`)
	f(`OkHttp cut off`, `<-- 429 https://api.example.com/v1/x`,
		`reject=truncated raw="<-- 429 https://api.example.com/v1/x"`)
	f(`java.util.logging`, `Mar 04, 2026 9:15:02 PM okhttp3.internal.platform.Platform log
INFO: <-- 201 https://api.example.com/v1/z (12ms, unknown-length body)`,
		`time=2026-03-04T21:15:02Z scheme=https host=api.example.com path=/v1/z target=https://api.example.com/v1/z status=201 duration=12ms outbound`)
	f(`Feign`, `2026-03-04 09:15:02.118 DEBUG [Orders#list] ---> GET https://f.example.com/orders HTTP/1.1
2026-03-04 09:15:02.118 DEBUG [Users#list] ---> GET https://f.example.com/users HTTP/1.1
2026-03-04 09:15:02.151 DEBUG [Orders#list] <--- HTTP/1.1 503 Service Unavailable (33ms)
2026-03-04 09:15:02.152 DEBUG [Users#list] <--- ERROR SocketTimeoutException: timed out (34ms)`,
		`time=2026-03-04T09:15:02.151Z method=GET scheme=https host=f.example.com path=/orders target=https://f.example.com/orders version=1.1 status=503 duration=33ms outbound`,
		`time=2026-03-04T09:15:02.152Z method=GET scheme=https host=f.example.com path=/users target=https://f.example.com/users status=0 duration=34ms failure="SocketTimeoutException: timed out" outbound`)
	f(`Spring`, `2026-03-04 09:15:02.118 DEBUG 1 --- [nio-8080-exec-1] o.s.web.client.RestTemplate : HTTP GET https://s.example.com/q
2026-03-04 09:15:02.118 DEBUG 1 --- [nio-8080-exec-2] o.s.web.client.RestTemplate : HTTP GET https://s.example.com/r
2026-03-04 09:15:02.218 DEBUG 1 --- [nio-8080-exec-1] o.s.web.client.RestTemplate : Response 429 TOO_MANY_REQUESTS
2026-03-04 09:15:02.228 DEBUG 1 --- [nio-8080-exec-2] o.s.web.client.RestTemplate : Response 200 OK`,
		`time=2026-03-04T09:15:02.218Z method=GET scheme=https host=s.example.com path=/q target=https://s.example.com/q status=429 outbound`,
		`time=2026-03-04T09:15:02.228Z method=GET scheme=https host=s.example.com path=/r target=https://s.example.com/r status=200 outbound`)
	f(`Spring's errors`, `2026-03-04 09:15:02.118 ERROR 1 --- [x] App : o.s.HttpClientErrorException$TooManyRequests: 429 Too Many Requests on GET request for "https://s.example.com/q": "{"error":"slow"}"
2026-03-04 09:15:03.118 ERROR 1 --- [x] App : o.s.HttpClientErrorException: 400  on GET request for "https://s.example.com/l": "{"error":"lo... (5120 bytes)"
2026-03-04 09:15:04.118 ERROR 1 --- [x] App : I/O error on POST request for "https://s.example.com/t": Connect timed out
2026-03-04 09:15:05.118 ERROR 1 --- [x] App : o.s.WebClientResponseException$BadGateway: 502 Bad Gateway from POST https://s.example.com/u`,
		`time=2026-03-04T09:15:02.118Z method=GET scheme=https host=s.example.com path=/q target=https://s.example.com/q status=429 body="{\"error\":\"slow\"}" outbound`,
		`time=2026-03-04T09:15:03.118Z method=GET scheme=https host=s.example.com path=/l target=https://s.example.com/l status=400 body="{\"error\":\"lo" outbound`,
		`time=2026-03-04T09:15:04.118Z method=POST scheme=https host=s.example.com path=/t target=https://s.example.com/t status=0 failure="Connect timed out" outbound`,
		`time=2026-03-04T09:15:05.118Z method=POST scheme=https host=s.example.com path=/u target=https://s.example.com/u status=502 outbound`)
	f(`a response that nobody asked for`, `Response 200 OK`)
	f(`a stack trace`, `Exception in thread "main" java.lang.RuntimeException: see https://docs.example.com/errors
	at com.example.App.main(App.java:5)
Caused by: java.net.ConnectException: Connection refused
	... 12 more`)
}

func TestClientGo(t *testing.T) {
	f := clientCase(t)
	f(`retryablehttp`, `2026/03/04 09:15:02 [DEBUG] GET https://api.example.com/x
2026/03/04 09:15:02 [DEBUG] GET https://api.example.com/x (status: 429): retrying in 1s (4 left)
2026/03/04 09:15:03 [ERR] GET https://api.example.com/x request failed: Get "https://api.example.com/x": dial tcp 203.0.113.9:443: connect: connection refused
2026/03/04 09:15:03 [DEBUG] GET https://api.example.com/x: retrying in 1s (3 left)
2026/03/04 09:15:04 fetch: GET https://api.example.com/x giving up after 2 attempt(s): Get "https://api.example.com/x": dial tcp 203.0.113.9:443: connect: connection refused`,
		`time=2026-03-04T09:15:02Z method=GET scheme=https host=api.example.com path=/x target=https://api.example.com/x status=429 outbound`,
		`time=2026-03-04T09:15:03Z method=GET scheme=https host=api.example.com path=/x target=https://api.example.com/x status=0 failure="dial tcp 203.0.113.9:443: connect: connection refused" outbound`)
	f(`retryablehttp with levels`, `2026-03-04T09:15:02.118Z [DEBUG] client: retrying request: request="GET https://api.example.com/h (status: 503)" timeout=1s remaining=4`,
		`time=2026-03-04T09:15:02.118Z method=GET scheme=https host=api.example.com path=/h target=https://api.example.com/h status=503 outbound`)
	f(`net/http`, `I0304 09:15:02.118294       1 main.go:7] Post "https://api.example.com/y?k=1": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
		`time=2026-03-04T09:15:02.118294Z method=POST scheme=https host=api.example.com path=/y query=k=1 target=https://api.example.com/y?k=1 status=0 failure="context deadline exceeded (Client.Timeout exceeded while awaiting headers)" outbound`)
	f(`net/http in logfmt`, `time="2026-03-04T09:15:02Z" level=error msg="fetch failed" error="Get \"https://api.example.com/z\": x509: certificate signed by unknown authority" attempt=2`,
		`time=2026-03-04T09:15:02Z method=GET scheme=https host=api.example.com path=/z target=https://api.example.com/z status=0 failure="x509: certificate signed by unknown authority" outbound`)
	f(`net/http before 1.14`, `Get https://api.example.com/z: EOF`,
		`method=GET scheme=https host=api.example.com path=/z target=https://api.example.com/z status=0 failure=EOF outbound`)
	f(`a sentence`, `Get https://docs.example.com/setup: it says how`)
	f(`words that look like it`, `Widget "https://api.example.com/z": fine`)
}

func TestClientOthers(t *testing.T) {
	f := clientCase(t)
	f(`Faraday`, `I, [2026-03-04T09:15:02.118294 #12]  INFO -- : request: GET https://api.example.com/f
I, [2026-03-04T09:15:02.118294 #12]  INFO -- : request: Accept: "*/*"
I, [2026-03-04T09:15:02.218294 #13]  INFO -- : request: POST https://api.example.com/g
I, [2026-03-04T09:15:02.518294 #12]  INFO -- : response: Status 429
I, [2026-03-04T09:15:02.618294 #13]  INFO -- : response: Status 200`,
		`time=2026-03-04T09:15:02.518294Z method=GET scheme=https host=api.example.com path=/f target=https://api.example.com/f status=429 outbound`,
		`time=2026-03-04T09:15:02.618294Z method=POST scheme=https host=api.example.com path=/g target=https://api.example.com/g status=200 outbound`)
	f(`rest-client`, `RestClient.post "https://api.example.com/rc", "{}", "Accept"=>"*/*"
# => 429 TooManyRequests | application/json 40 bytes, 0.21s`,
		`method=POST scheme=https host=api.example.com path=/rc target=https://api.example.com/rc status=429 bytes=40 duration=210ms outbound`)
	f(`axios`, `AxiosError: Request failed with status code 429
    at settle (/app/node_modules/axios/dist/node/axios.cjs:1:1)`,
		`status=429 outbound`)
	f(`axios-logger`, `[Axios][Request][2026-03-04 09:15:02] POST https://api.example.com/a
[Axios][Response][2026-03-04 09:15:03] POST https://api.example.com/a 429:Too Many Requests
[Axios][Error][2026-03-04 09:15:04] 503:Service Unavailable POST https://api.example.com/b`,
		`time=2026-03-04T09:15:03Z method=POST scheme=https host=api.example.com path=/a target=https://api.example.com/a status=429 outbound`,
		`time=2026-03-04T09:15:04Z method=POST scheme=https host=api.example.com path=/b target=https://api.example.com/b status=503 outbound`)
	f(`node-fetch`, `FetchError: request to https://api.example.com/n failed, reason: connect ECONNREFUSED 203.0.113.9:443`,
		`scheme=https host=api.example.com path=/n target=https://api.example.com/n status=0 failure="connect ECONNREFUSED 203.0.113.9:443" outbound`)
	f(`Guzzle`, `[2026-03-04T09:15:02.118294+00:00] app.ERROR: Client error: `+"`"+`POST https://api.example.com/g`+"`"+` resulted in a `+"`"+`429 Too Many Requests`+"`"+` response:`,
		`time=2026-03-04T09:15:02.118294Z method=POST scheme=https host=api.example.com path=/g target=https://api.example.com/g status=429 outbound`)
	f(`curl`, `cURL error 28: Operation timed out after 5001 milliseconds with 0 bytes received (see https://curl.example/errors.html) for https://api.example.com/c`,
		`scheme=https host=api.example.com path=/c target=https://api.example.com/c status=0 failure="cURL error 28: Operation timed out after 5001 milliseconds with 0 bytes received" outbound`)
	f(`Symfony`, `[2026-03-04T09:15:02.118294+00:00] http_client.INFO: Response: "429 https://api.example.com/s" [] []`,
		`time=2026-03-04T09:15:02.118294Z scheme=https host=api.example.com path=/s target=https://api.example.com/s status=429 outbound`)
	f(`Tesla`, `09:15:02.118 [warning] GET https://api.example.com/t -> 429 (212.345 ms)`,
		`method=GET scheme=https host=api.example.com path=/t target=https://api.example.com/t status=429 duration=212.345ms outbound`)
	f(`wget`, `--2026-03-04 09:15:02--  https://api.example.com/w
HTTP request sent, awaiting response... 404 Not Found`,
		`time=2026-03-04T09:15:02Z scheme=https host=api.example.com path=/w target=https://api.example.com/w status=404 outbound`)
	f(`reqwest`, `error sending request for url (https://api.example.com/r): connection refused
HTTP status client error (429 Too Many Requests) for url (https://api.example.com/s)`,
		`scheme=https host=api.example.com path=/r target=https://api.example.com/r status=0 failure="connection refused" outbound`,
		`scheme=https host=api.example.com path=/s target=https://api.example.com/s status=429 outbound`)
	f(`URLs alone`, `see https://example.com/ and GET https://example.com/x or http://localhost:3000`)
}
