package classify

// packFile is a pack as it is written: every value a text with its place.
// compile turns it into a [Pack]; nothing else reads it. This file is the
// reference of the format: pack.yaml has these keys and no others.
type packFile struct {
	at      place
	Pack    text `yaml:"pack"`    // the name, a to z, 0 to 9 and -; it is the vendor on labels
	Extends text `yaml:"extends"` // the pack that this one is laid over
	Version text `yaml:"version"` // of the knowledge, usually the reference's date
	Title   text `yaml:"title"`   // the vendor's name for people
	Docs    text `yaml:"docs"`    // the vendor's error reference

	// Whose answer is it? Hosts settle it; the others are evidence where the
	// host is not known.
	Hosts      []hostFile    `yaml:"hosts"`      // hosts that speak this API
	Callback   *callbackFile `yaml:"callback"`   // where errors stand in redirects to our own host
	DocsURLs   []text        `yaml:"docs_urls"`  // host/path that only this vendor's bodies quote
	Headers    []text        `yaml:"headers"`    // prefixes of header names that only this vendor sends
	Vocabulary []text        `yaml:"vocabulary"` // codes of this vendor without a rule of their own

	// Where does what stand?
	Envelopes []envelopeFile `yaml:"envelopes"`  // the first that fits counts
	Quota     *quotaFile     `yaml:"quota"`      // where a body states an allowance
	Ledger    *ledgerFile    `yaml:"ledger"`     // which calls an allowance counts, and for how long it lasts
	Limits    []limitFile    `yaml:"limits"`     // limits that headers or members state, on any answer
	Wait      []waitFile     `yaml:"wait"`       // where else than in Retry-After a wait is stated
	RequestID []text         `yaml:"request_id"` // header:NAME, body:PATH or log, best first
	RetryHint []text         `yaml:"retry_hint"` // headers that say true or false to a retry

	// Which values are credentials, and which of them names the account?
	Mask    maskFile `yaml:"mask"`    // credentials that travel in the open
	Account []text   `yaml:"account"` // query:NAME, header:NAME, field:NAME or claim:NAME

	Support supportFile  `yaml:"support"` // what the vendor's support wants
	Rules   []ruleFile   `yaml:"rules"`   // failures that the vendor documents
	Status  []statusFile `yaml:"status"`  // what a status says by itself
}

// hostFile binds a host, exact or "*.suffix", where wanted only under a path.
type hostFile struct {
	Host text `yaml:"host"` // exact or *.suffix, without a port
	Path text `yaml:"path"` // only under this prefix
}

// callbackFile says which query parameters of a redirect to our own host carry
// the vendor's error. Without paths, /…/callback with the pack's name in it is meant.
type callbackFile struct {
	Paths   []text `yaml:"paths"`   // on our own host
	Code    text   `yaml:"code"`    // the query parameter with the code
	Message text   `yaml:"message"` // the query parameter with the text
}

// envelopeFile says where a shape of body keeps what; of several paths the
// first that has a value. A path is dotted: a.b.0.c, where 0 is the first
// element of an array, * the first member of an object, and a[m=v] the first
// element of a whose member m is v or ends in "/v" or ".v" (a[m>=N] compares
// numbers, a[m] wants m to be there). Bodies in XML have the names of their
// elements, attributes as @name. header:NAME is a header of the response,
// header:NAME.param one of its parameters, \. a dot of a name, $event the event's name in a stream.
type envelopeFile struct {
	Name        text       `yaml:"name"`         // for people
	On          []text     `yaml:"on"`           // statuses or classes under which alone the shape counts
	Requires    []text     `yaml:"requires"`     // members that make the shape: all there and not null
	Code        []text     `yaml:"code"`         // the first text without spaces
	Type        []text     `yaml:"type"`         // the class of the code
	Message     []text     `yaml:"message"`      // the text that rules compare
	Status      []text     `yaml:"status"`       // a status in the body, 100 to 599
	Hint        []text     `yaml:"hint"`         // the vendor's own word for what to do
	Docs        []text     `yaml:"docs"`         // an address of the vendor's documentation
	CodeAfter   text       `yaml:"code_after"`   // the code is what follows the last of these
	CodeBefore  text       `yaml:"code_before"`  // the code is what precedes the first of these
	FailureWhen *whenField `yaml:"failure_when"` // tells a failure where the status does not
	Unless      *whenField `yaml:"unless"`       // failure_when does not count where this holds
}

// whenField is a condition on one member of the body or header: equals (one of
// a list), contains (one of a list) and not_equals (none of a list) compare texts
// without regard to case, at_least numbers; a member
// that is not there fulfils none of them, and exists wants one that is neither false nor
// an empty text. Decides says that the member
// overrules the status in both directions.
type whenField struct {
	Field     text   `yaml:"field"`      // a path
	Equals    []text `yaml:"equals"`     // one of these, without regard to case
	NotEquals []text `yaml:"not_equals"` // none of these, without regard to case
	Contains  []text `yaml:"contains"`   // one of these stands in it, without regard to case
	AtLeast   text   `yaml:"at_least"`   // a number
	Exists    text   `yaml:"exists"`     // true: it is there and neither null, false nor empty
	Decides   text   `yaml:"decides"`    // of failure_when: overrules the status both ways
}

// quotaFile says where a body states an allowance. Messages state it through
// the holes quota_name, tier, year, month, day, limit, used and remaining.
type quotaFile struct {
	Name      text `yaml:"name"`      // a path to the name
	Tier      text `yaml:"tier"`      // a path to the plan
	Period    text `yaml:"period"`    // a path to the period
	Limit     text `yaml:"limit"`     // a path to what is allowed
	Used      text `yaml:"used"`      // a path to what is used
	Remaining text `yaml:"remaining"` // a path to what is left
	ResetAt   text `yaml:"reset_at"`  // a path to when it begins anew
}

// ledgerFile says how the vendor counts calls against its allowances. Counts
// lists what costs: success, and categories of failures; the rest is free.
// Without it successes and not_found count.
type ledgerFile struct {
	Every  text           `yaml:"every"`  // how long an allowance lasts: hour, day, week or month
	Zone   text           `yaml:"zone"`   // the zone in which it begins anew, UTC where not stated
	Counts []text         `yaml:"counts"` // success and categories
	Routes []allowedRoute `yaml:"routes"` // which calls belong to which allowance; the first that fits
}

// allowedRoute joins calls to an allowance. Route is segments that stand in a row in the
// request's path, without it all calls. Per is where the items of a batch
// stand, each of which counts: query:NAME (separated by commas) or field:NAME,
// a list in the request's body.
type allowedRoute struct {
	Route text `yaml:"route"` // segments of the path
	Name  text `yaml:"name"`  // the vendor's word for the allowance
	Per   text `yaml:"per"`   // query:NAME or field:NAME
}

// limitFile is one limit that answers state, in headers or members. Kind is
// rate for a short window, quota for an allowance per period, capacity for what
// no period gives back (storage, seats); reset_unit is s,
// ms, epoch_s, epoch_ms, duration, date or auto, which tells by the value. Pair
// is a value such as 39/40, used of limit.
type limitFile struct {
	Name      text `yaml:"name"`       // the vendor's word for the limit
	Kind      text `yaml:"kind"`       // rate: seconds to an hour; quota: per day, month or plan; capacity: until somebody makes room
	Limit     text `yaml:"limit"`      // a path to what is allowed
	Remaining text `yaml:"remaining"`  // a path to what is left
	Used      text `yaml:"used"`       // a path to what is used
	Pair      text `yaml:"pair"`       // a path to a value such as 39/40
	Reset     text `yaml:"reset"`      // a path to when it is full again
	ResetUnit text `yaml:"reset_unit"` // what the value of reset counts
	Period    text `yaml:"period"`     // of an allowance, where documented
}

// waitFile is a place that states how long to wait, in a unit of [limitFile].
type waitFile struct {
	From text `yaml:"from"` // a path
	Unit text `yaml:"unit"` // what the value counts
}

// maskFile names what travels in the open, in addition to the usual names.
type maskFile struct {
	Params  []text `yaml:"params"`  // names of query parameters
	Headers []text `yaml:"headers"` // names of headers
	Fields  []text `yaml:"fields"`  // names of members
	Paths   []text `yaml:"paths"`   // places in paths: /bot{secret}, HOST/services/*/*/{secret}
}

// supportFile says what the vendor's support asks for, and where it is.
type supportFile struct {
	Fields []text `yaml:"fields"` // what it asks for, in its order
	URL    text   `yaml:"url"`    // where to reach it
}

// ruleFile is one failure that the vendor documents. Quote says in our words
// what the reference says; Note, where it is misleading.
type ruleFile struct {
	at         place
	ID         text        `yaml:"id"`          // a to z, 0 to 9 and -
	Match      matchFile   `yaml:"match"`       // what the answer must have
	Between    text        `yaml:"between"`     // of the global pack: an edge or gateway says this, never the vendor
	Vague      text        `yaml:"vague"`       // of the global pack: a code that says little, so that messages go before it
	LikelyWhen *likelyFile `yaml:"likely_when"` // which requests can have met it
	Label      labelFile   `yaml:"label"`       // what it means
	Quote      text        `yaml:"quote"`       // what the reference says, in our words
	Docs       text        `yaml:"docs"`        // the address of the table
	Note       text        `yaml:"note"`        // where the reference is misleading
}

// matchFile lists conditions, which must all hold; of a list, one of its
// values. Type, code and hint compare without regard to case; in the global pack
// a code may begin or end with *. Message is a
// template, Pattern an RE2 expression, Contains phrases that stand anywhere in
// the message. Route is segments that stand in a row in the request's path.
type matchFile struct {
	Status   []text      `yaml:"status"`   // such as 403 or 5xx
	Type     []text      `yaml:"type"`     // without regard to case
	Code     []text      `yaml:"code"`     // without regard to case
	Message  []text      `yaml:"message"`  // a template, anchored at both ends
	Pattern  text        `yaml:"pattern"`  // RE2, anchored; only where no template will do
	Contains []text      `yaml:"contains"` // a phrase anywhere in the message
	Hint     []text      `yaml:"hint"`     // the vendor's own word for what to do
	Where    []whenField `yaml:"where"`    // further conditions
	Route    text        `yaml:"route"`    // segments that stand in a row in the request's path
}

// likelyFile says, for a rule that is one of several candidates, which
// requests can have met it.
type likelyFile struct {
	Route text   `yaml:"route"` // segments of the path
	Lacks []text `yaml:"lacks"` // query parameters of which one was not sent
}

// labelFile is the verdict. Category, retry and fault are of the taxonomy; what
// is left open comes from the status. Code is our slug where the vendor has none.
// Capacity is for category quota with retry fix_account alone: the name of what is
// full until somebody makes room, such as storage.
type labelFile struct {
	Category       text `yaml:"category"`        // what kind of failure
	Retry          text `yaml:"retry"`           // whether and how to try again
	Fault          text `yaml:"fault"`           // who can remove the cause
	Benign         text `yaml:"benign"`          // an expected answer that only looks like a failure
	ContactSupport text `yaml:"contact_support"` // the vendor sends people to its support
	Code           text `yaml:"code"`            // our slug where the vendor sends no code
	Capacity       text `yaml:"capacity"`        // the name of what is full, such as storage
	Action         text `yaml:"action"`          // one sentence of advice
}

// statusFile is what a status alone says: a label, or the rules that share it.
// Status is a number, a class such as 5xx, or other; Transport narrows status 0
// to failures that name one of the words, where to answers that fulfil its
// conditions. Between says that something between
// the caller and the vendor gives this status, never the vendor itself, so that
// no class row of a pack speaks for it.
type statusFile struct {
	at         place
	ID         text        `yaml:"id"`         // tells rows of one status apart
	Status     text        `yaml:"status"`     // a number, a class such as 5xx, or other
	Transport  []text      `yaml:"transport"`  // of status 0: words of the failure
	Where      []whenField `yaml:"where"`      // further conditions
	Between    text        `yaml:"between"`    // of the global pack
	Candidates []text      `yaml:"candidates"` // ids of the rules that share the status
	Label      labelFile   `yaml:"label"`      // what it means
	Docs       text        `yaml:"docs"`       // the address of the table
	Note       text        `yaml:"note"`       // where the reference is misleading
}
