package demo

import "github.com/errscope/errscope/record"

// answer is one way for a call to fail, with the label that it deserves.
type answer struct {
	share       int
	on          string // the path of the route, "" for any
	status      int    // 0 for no response
	kind, code  string // type and code; CarsXE sends none, its codes are our pack's
	message     string
	resolution  string // Smartcar's hint
	field       string // Aionvision's, of validation
	retryAfterS int    // seconds in a Retry-After header, 0 for none
	usage       *usage
	category    record.Category
	retry       record.Retry
	fault       record.Fault
	benign      bool
	support     bool   // the vendor's text sends the caller to support
	tookMS      int    // 0 for the route's own latency
	transport   string // the browser's words where there was no response
}

// refused is a call that found nobody at home.
var refused = answer{transport: "net::ERR_CONNECTION_REFUSED", category: record.Unavailable, retry: record.RetryBackoff, fault: record.FaultVendor}

// The failures of calls whose bodies are logged. Codes, statuses and messages
// are facts of the vendors' references; Smartcar's details are our words.
var carsxeAnswers = []answer{
	{share: 14, on: "/specs", status: 404, code: "no_data_for_vin", message: "No data found for this VIN", category: record.NotFound, retry: record.RetryNever, fault: record.FaultNone},
	{share: 10, on: "/specs", status: 404, code: "no_data_for_vin_try_deepdata", message: "No data found for this VIN. Try a deep search by setting deepdata=1 in your request", category: record.NotFound, retry: record.RetryFixRequest, fault: record.FaultCaller},
	{share: 8, on: "/specs", status: 400, code: "wrong_vin_length", message: "Wrong VIN length, must be 17 characters", category: record.Validation, retry: record.RetryFixRequest, fault: record.FaultCaller},
	{share: 10, on: "/v2/platedecoder", status: 404, code: "invalid_state_or_country", message: "Invalid state or country code.", category: record.Validation, retry: record.RetryFixRequest, fault: record.FaultCaller},
	{share: 70, on: lienPath, status: 404, code: "no_lien_or_theft_data", message: "No lien or theft data found for this VIN", category: record.NotFound, retry: record.RetryNever, fault: record.FaultNone, benign: true},
	{share: 6, on: imagesPath, status: 404, code: "no_images_found", message: "No images found", category: record.NotFound, retry: record.RetryFixRequest, fault: record.FaultCaller},
	{share: 6, status: 500, code: "CV-001", message: "Unable to authenticate internal request (code CV-001). Please try again later", category: record.Server, retry: record.RetryBackoff, fault: record.FaultVendor, support: true},
	{share: 4, status: 500, code: "internal_server_error", message: "Internal server error", category: record.Server, retry: record.RetryBackoffOnce, fault: record.FaultVendor, support: true},
	{share: 4, on: marketPath, status: 400, code: "invalid_mileage", message: "Invalid mileage. Must be a number", category: record.Validation, retry: record.RetryFixRequest, fault: record.FaultCaller},
}

// historyAnswers are those of CarsXE's outage, imagesAnswer the one that a bad
// deploy of ours provokes: a 500 that is validation.
var (
	historyAnswers = []answer{
		{share: 6, status: 502, code: "could_not_fetch_data", message: "Could not fetch data", category: record.Upstream, retry: record.RetryBackoff, fault: record.FaultUpstream},
		{share: 3, status: 503, code: "provider_unavailable", message: "Cannot access the internet at this time", category: record.Upstream, retry: record.RetryBackoff, fault: record.FaultUpstream},
		{share: 1, status: 504, code: "request_timed_out", message: "Request timed out. Please try again.", category: record.Timeout, retry: record.RetryBackoff, fault: record.FaultUpstream, tookMS: 30000},
	}
	imagesAnswer = answer{status: 500, code: "missing_make_and_model", message: "Please supply a make and model. Visit http://api.carsxe.com/docs for more information", category: record.Validation, retry: record.RetryFixRequest, fault: record.FaultCaller}
)

var smartcarAnswers = []answer{
	{share: 30, status: 409, kind: "VEHICLE_STATE", code: "ASLEEP", message: "The demo vehicle sleeps.", category: record.State, retry: record.RetryAfterStateChange, fault: record.FaultResource},
	{share: 10, status: 409, kind: "VEHICLE_STATE", code: "UNREACHABLE", message: "The demo vehicle is out of range.", category: record.State, retry: record.RetryAfterStateChange, fault: record.FaultResource},
	{share: 12, on: "/v2.0/vehicles/{id}/charge", status: 409, kind: "VEHICLE_STATE", code: "FULLY_CHARGED", message: "The demo battery is full already.", category: record.State, retry: record.RetryAfterStateChange, fault: record.FaultNone, benign: true},
	{share: 8, on: "/v2.0/vehicles/{id}/charge", status: 409, kind: "VEHICLE_STATE", code: "CHARGING_PLUG_NOT_CONNECTED", message: "No cable is plugged in.", category: record.State, retry: record.RetryAfterStateChange, fault: record.FaultEndUser},
	{share: 10, status: 429, kind: "RATE_LIMIT", code: "VEHICLE", message: "Too many calls for this demo vehicle.", resolution: "RETRY_LATER", retryAfterS: 60, category: record.RateLimit, retry: record.RetryAfterReset, fault: record.FaultCaller},
	{share: 8, status: 502, kind: "UPSTREAM", code: "NO_RESPONSE", message: "The maker's cloud did not answer.", resolution: "RETRY_LATER", category: record.Upstream, retry: record.RetryBackoff, fault: record.FaultUpstream},
	{share: 6, status: 400, kind: "CONNECTED_SERVICES_ACCOUNT", code: "AUTHENTICATION_FAILED", message: "The owner changed the password.", resolution: "REAUTHENTICATE", category: record.EndUser, retry: record.RetryEndUserAction, fault: record.FaultEndUser},
	{share: 5, status: 501, kind: "COMPATIBILITY", code: "VEHICLE_NOT_CAPABLE", message: "This demo vehicle has no such sensor.", category: record.Unsupported, retry: record.RetryNever, fault: record.FaultNone},
	{share: 3, status: 500, kind: "SERVER", code: "RECORD_NOT_FOUND", message: "A record of the demo vehicle is missing.", resolution: "CONTACT_SUPPORT", category: record.Server, retry: record.RetryNever, fault: record.FaultVendor, support: true},
}

var caravanAnswers = []answer{
	{share: 10, on: "/api/v1/valuations", status: 400, code: "invalid_request", message: "A required parameter is missing or has an invalid value. See the error.message for which parameter.", category: record.Validation, retry: record.RetryFixRequest, fault: record.FaultCaller},
	{share: 10, status: 429, code: "rate_limit_exceeded", message: "You have exceeded the per-minute request rate for your tier. Wait until the X-RateLimit-Reset timestamp and retry.", category: record.RateLimit, retry: record.RetryAfterReset, fault: record.FaultCaller},
	{share: 6, on: "/api/v1/valuations", status: 409, code: "idempotency_conflict", message: "An Idempotency-Key was reused with a different request body. Generate a new unique key for each distinct operation.", category: record.Conflict, retry: record.RetryNewIdempotencyKey, fault: record.FaultCaller},
	{share: 6, status: 403, code: "scope_missing", message: "The endpoint requires a scope that your credential does not have. Contact your account manager to discuss expanded access.", category: record.Permission, retry: record.RetryFixAccount, fault: record.FaultAccount, support: true},
	{share: 4, status: 500, code: "internal_error", message: "An unexpected server error occurred. Include the X-Request-Id when contacting support.", category: record.Server, retry: record.RetryBackoffOnce, fault: record.FaultVendor, support: true},
}

// expiredAnswer is what a job gets that forgot to renew its token.
var expiredAnswer = answer{status: 401, code: "expired_token", message: "The Bearer token has passed its expiry time. Request a new token via the token endpoint.", category: record.Authentication, retry: record.RetryReauthenticate, fault: record.FaultCaller}

var acmeAnswers = []answer{
	{share: 12, on: usersPath, status: 400, code: "INVALID_REQUEST", message: "Missing required 'user_id' parameter.", category: record.Validation, retry: record.RetryFixRequest, fault: record.FaultCaller},
	{share: 10, on: "/api/v1/orders/{n}", status: 404, code: "RESOURCE_NOT_FOUND", message: "The requested resource could not be found.", category: record.NotFound, retry: record.RetryNever, fault: record.FaultCaller},
	{share: 10, status: 429, code: "RATE_LIMIT_EXCEEDED", message: "You have exceeded your allowed request rate. Please try again later.", retryAfterS: 30, category: record.RateLimit, retry: record.RetryAfterReset, fault: record.FaultCaller},
	{share: 6, status: 503, code: "SERVICE_UNAVAILABLE", message: "The service is temporarily unavailable. Please try again later.", category: record.Unavailable, retry: record.RetryBackoff, fault: record.FaultVendor},
}

var aionAnswers = []answer{
	{share: 14, on: searchPath, status: 429, code: "RATE_LIMIT_ERROR", message: "Rate limit exceeded: 100 calls per 60 seconds", retryAfterS: 5, category: record.RateLimit, retry: record.RetryAfterReset, fault: record.FaultCaller},
	{share: 10, on: searchPath, status: 422, code: "VALIDATION_ERROR", message: "Invalid request parameters", field: "limit", category: record.Validation, retry: record.RetryFixRequest, fault: record.FaultCaller},
	{share: 10, on: rulePath, status: 404, message: "Rule not found", category: record.NotFound, retry: record.RetryNever, fault: record.FaultCaller},
	{share: 8, on: uploadPath, status: 413, code: "HTTP_413", message: "File exceeds maximum size limit", category: record.Validation, retry: record.RetryFixRequest, fault: record.FaultCaller},
}

// aionDownAnswers are those of Aionvision's outage: the 504 asks for a smaller
// request and is no sign of an outage by itself.
var aionDownAnswers = []answer{
	{share: 8, status: 503, code: "VLM_PROVIDER_ERROR", message: "AI vision provider encountered an error during analysis", category: record.Upstream, retry: record.RetryBackoff, fault: record.FaultUpstream},
	{share: 2, status: 504, code: "TIMEOUT", message: "Operation timed out", category: record.Timeout, retry: record.RetryFixRequest, fault: record.FaultCaller, tookMS: 30000},
}

// The failures of calls of which only the status is logged: what the vendor's
// status row says, no more. Statuses whose rows disagree (a CarsXE 404) are left
// out: there is no one truth about them.
var (
	clientLeft = answer{share: 3, status: 499, category: record.Timeout, retry: record.RetryUnknown, fault: record.FaultCaller, tookMS: 10000}
	carsxeBare = []answer{
		{share: 6, status: 400, category: record.Validation, retry: record.RetryFixRequest, fault: record.FaultCaller},
		{share: 3, status: 405, category: record.Validation, retry: record.RetryFixRequest, fault: record.FaultCaller},
		{share: 2, status: 502, category: record.Upstream, retry: record.RetryBackoff, fault: record.FaultUpstream}, clientLeft}
	historyBare = []answer{
		{share: 6, status: 502, category: record.Upstream, retry: record.RetryBackoff, fault: record.FaultUpstream},
		{share: 3, status: 503, category: record.Upstream, retry: record.RetryBackoff, fault: record.FaultUpstream},
		{share: 1, status: 504, category: record.Timeout, retry: record.RetryBackoff, fault: record.FaultUpstream, tookMS: 30000}}
	smartcarBare = []answer{
		{share: 2, status: 405, category: record.Validation, retry: record.RetryFixRequest, fault: record.FaultCaller},
		{share: 3, status: 503, category: record.Server, retry: record.RetryBackoff, fault: record.FaultVendor}, clientLeft}
	caravanBare = []answer{
		{share: 6, status: 400, category: record.Validation, retry: record.RetryFixRequest, fault: record.FaultCaller},
		{share: 2, on: "/api/v1/valuations", status: 409, category: record.Conflict, retry: record.RetryNewIdempotencyKey, fault: record.FaultCaller},
		{share: 2, status: 500, category: record.Server, retry: record.RetryBackoffOnce, fault: record.FaultVendor, support: true}, clientLeft}
	acmeBare = []answer{
		{share: 6, status: 404, category: record.NotFound, retry: record.RetryNever, fault: record.FaultCaller},
		{share: 3, status: 400, category: record.Validation, retry: record.RetryFixRequest, fault: record.FaultCaller},
		{share: 2, status: 429, category: record.RateLimit, retry: record.RetryBackoff, fault: record.FaultCaller}}
	aionBare = []answer{
		{share: 6, status: 422, category: record.Validation, retry: record.RetryFixRequest, fault: record.FaultCaller},
		{share: 4, status: 429, category: record.RateLimit, retry: record.RetryBackoff, fault: record.FaultCaller}, clientLeft}
	aionDownBare = []answer{
		{share: 8, status: 503, category: record.Unavailable, retry: record.RetryBackoff, fault: record.FaultVendor},
		{share: 2, status: 504, category: record.Timeout, retry: record.RetryFixRequest, fault: record.FaultCaller, tookMS: 30000}}
)

// quotaRefusal is the label of a spent allowance.
var quotaRefusal = answer{status: 429, code: "api_limit_exceeded", category: record.QuotaExhausted, retry: record.RetryNextPeriod, fault: record.FaultAccount}
