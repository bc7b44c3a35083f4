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
	Hosts      []hostFile    `yaml:"hosts"`
	Callback   *callbackFile `yaml:"callback"`
	DocsURLs   []text        `yaml:"docs_urls"`  // host/path that only this vendor's bodies quote
	Headers    []text        `yaml:"headers"`    // prefixes of header names that only this vendor sends
	Vocabulary []text        `yaml:"vocabulary"` // codes of this vendor without a rule of their own

	// Where does what stand?
	Envelopes []envelopeFile `yaml:"envelopes"` // the first that fits counts
	Quota     *quotaFile     `yaml:"quota"`
	Limits    []limitFile    `yaml:"limits"`     // limits that headers or members state, on any answer
	Wait      []waitFile     `yaml:"wait"`       // where else than in Retry-After a wait is stated
	RequestID []text         `yaml:"request_id"` // header:NAME, body:PATH or log, best first
	RetryHint []text         `yaml:"retry_hint"` // headers that say true or false to a retry

	// Which values are credentials, and which of them names the account?
	Mask    maskFile `yaml:"mask"`
	Account []text   `yaml:"account"` // query:NAME, header:NAME, field:NAME or claim:NAME

	Support supportFile  `yaml:"support"`
	Rules   []ruleFile   `yaml:"rules"`
	Status  []statusFile `yaml:"status"`
}

// hostFile binds a host, exact or "*.suffix", where wanted only under a path.
type hostFile struct {
	Host text `yaml:"host"`
	Path text `yaml:"path"`
}

// callbackFile says which query parameters of a redirect to our own host carry
// the vendor's error. Without paths, /…/callback with the pack's name in it is meant.
type callbackFile struct {
	Paths   []text `yaml:"paths"`
	Code    text   `yaml:"code"`
	Message text   `yaml:"message"`
}

// envelopeFile says where a shape of body keeps what; of several paths the
// first that has a value. A path is dotted: a.b.0.c, where 0 is the first
// element of an array, * the first member of an object, and a[m=v] the first
// element of a whose member m is v or ends in "/v" or ".v" (a[m>=N] compares
// numbers, a[m] wants m to be there). Bodies in XML have the names of their
// elements, attributes as @name. header:NAME is a header of the response,
// header:NAME.param one of its parameters, \. a dot of a name, $event the event's name in a stream.
type envelopeFile struct {
	Name        text       `yaml:"name"`
	On          []text     `yaml:"on"` // statuses or classes under which alone the shape counts
	Requires    []text     `yaml:"requires"`
	Code        []text     `yaml:"code"`
	Type        []text     `yaml:"type"`
	Message     []text     `yaml:"message"`
	Status      []text     `yaml:"status"`
	Hint        []text     `yaml:"hint"`
	Docs        []text     `yaml:"docs"`
	CodeAfter   text       `yaml:"code_after"`  // the code is what follows the last of these
	CodeBefore  text       `yaml:"code_before"` // the code is what precedes the first of these
	FailureWhen *whenField `yaml:"failure_when"`
}

// whenField is a condition on one member of the body or header: equals (one of
// a list), contains (one of a list) and not_equals compare texts without regard to
// case, at_least numbers; a member
// that is not there fulfils none of them, and exists wants one that is neither false nor
// an empty text. Decides says that the member
// overrules the status in both directions.
type whenField struct {
	Field     text   `yaml:"field"`
	Equals    []text `yaml:"equals"`
	NotEquals text   `yaml:"not_equals"`
	Contains  []text `yaml:"contains"`
	AtLeast   text   `yaml:"at_least"`
	Exists    text   `yaml:"exists"`
	Decides   text   `yaml:"decides"`
}

// quotaFile says where a body states an allowance. Messages state it through
// the holes quota_name, tier, year, month, day, limit, used and remaining.
type quotaFile struct {
	Name      text `yaml:"name"`
	Tier      text `yaml:"tier"`
	Period    text `yaml:"period"`
	Limit     text `yaml:"limit"`
	Used      text `yaml:"used"`
	Remaining text `yaml:"remaining"`
	ResetAt   text `yaml:"reset_at"`
}

// limitFile is one limit that answers state, in headers or members. Kind is
// rate for a short window, quota for an allowance per period; reset_unit is s,
// ms, epoch_s, epoch_ms, duration, date or auto, which tells by the value. Pair
// is a value such as 39/40, used of limit.
type limitFile struct {
	Name      text `yaml:"name"`
	Kind      text `yaml:"kind"`
	Limit     text `yaml:"limit"`
	Remaining text `yaml:"remaining"`
	Used      text `yaml:"used"`
	Pair      text `yaml:"pair"`
	Reset     text `yaml:"reset"`
	ResetUnit text `yaml:"reset_unit"`
	Period    text `yaml:"period"`
}

// waitFile is a place that states how long to wait, in a unit of [limitFile].
type waitFile struct {
	From text `yaml:"from"`
	Unit text `yaml:"unit"`
}

// maskFile names what travels in the open, in addition to the usual names.
type maskFile struct {
	Params  []text `yaml:"params"`
	Headers []text `yaml:"headers"`
	Fields  []text `yaml:"fields"`
}

// supportFile says what the vendor's support asks for, and where it is.
type supportFile struct {
	Fields []text `yaml:"fields"`
	URL    text   `yaml:"url"`
}

// ruleFile is one failure that the vendor documents. Quote says in our words
// what the reference says; Note, where it is misleading.
type ruleFile struct {
	at         place
	ID         text        `yaml:"id"`
	Match      matchFile   `yaml:"match"`
	Between    text        `yaml:"between"` // of the global pack: an edge or gateway says this, never the vendor
	Vague      text        `yaml:"vague"`   // of the global pack: a code that says little, so that messages go before it
	LikelyWhen *likelyFile `yaml:"likely_when"`
	Label      labelFile   `yaml:"label"`
	Quote      text        `yaml:"quote"`
	Docs       text        `yaml:"docs"`
	Note       text        `yaml:"note"`
}

// matchFile lists conditions, which must all hold; of a list, one of its
// values. Type, code and hint compare without regard to case. Message is a
// template, Pattern an RE2 expression, Contains phrases that stand anywhere in
// the message. Route is segments that stand in a row in the request's path.
type matchFile struct {
	Status   []text      `yaml:"status"`
	Type     []text      `yaml:"type"`
	Code     []text      `yaml:"code"`
	Message  []text      `yaml:"message"`
	Pattern  text        `yaml:"pattern"`
	Contains []text      `yaml:"contains"`
	Hint     []text      `yaml:"hint"`
	Where    []whenField `yaml:"where"`
	Route    text        `yaml:"route"`
}

// likelyFile says, for a rule that is one of several candidates, which
// requests can have met it.
type likelyFile struct {
	Route text   `yaml:"route"`
	Lacks []text `yaml:"lacks"`
}

// labelFile is the verdict. Category, retry and fault are of the taxonomy; what
// is left open comes from the status. Code is our slug where the vendor has none.
type labelFile struct {
	Category       text `yaml:"category"`
	Retry          text `yaml:"retry"`
	Fault          text `yaml:"fault"`
	Benign         text `yaml:"benign"`
	ContactSupport text `yaml:"contact_support"`
	Code           text `yaml:"code"`
	Action         text `yaml:"action"`
}

// statusFile is what a status alone says: a label, or the rules that share it.
// Status is a number, a class such as 5xx, or other; Transport narrows status 0
// to failures that name one of the words, where to answers that fulfil its
// conditions. Between says that something between
// the caller and the vendor gives this status, never the vendor itself, so that
// no class row of a pack speaks for it.
type statusFile struct {
	at         place
	ID         text        `yaml:"id"`
	Status     text        `yaml:"status"`
	Transport  []text      `yaml:"transport"`
	Where      []whenField `yaml:"where"`
	Between    text        `yaml:"between"`
	Candidates []text      `yaml:"candidates"`
	Label      labelFile   `yaml:"label"`
	Docs       text        `yaml:"docs"`
	Note       text        `yaml:"note"`
}
