-- The first schema. One row of requests is one observed HTTP exchange; every
-- empty text is NULL, every time is UTC with microseconds.

-- Most calls succeed and say little. Such a row is kept in requests_brief, as a
-- few numbers and the endpoint that it called: a tenth of the work of loading
-- all columns. endpoint_id is unique; one endpoint may have several.
CREATE TABLE endpoints (
    endpoint_id INTEGER,
    vendor      VARCHAR,
    host        VARCHAR,
    method      VARCHAR,
    route       VARCHAR,
    direction   VARCHAR,
    account     VARCHAR
);

CREATE TABLE requests_brief (
    ts            TIMESTAMP,
    endpoint_id   INTEGER,
    status        SMALLINT,
    request_key   UBIGINT,
    duration_ms   DOUBLE,
    bytes         BIGINT,
    source_id     BIGINT,
    source_offset BIGINT,
    trace_id      UUID -- where it is 32 hexadecimal digits, as by far most are
);

-- Every other row: failures, benign answers, successes that say more than fits
-- into requests_brief, and all of them with --keep full.
CREATE TABLE requests_full (
    ts                TIMESTAMP,
    vendor            VARCHAR,
    host              VARCHAR,
    method            VARCHAR,
    route             VARCHAR,
    path              VARCHAR,
    query             VARCHAR,
    status            SMALLINT,
    body_status       SMALLINT,
    category          VARCHAR,
    code              VARCHAR,
    error_type        VARCHAR,
    message           VARCHAR,
    retry             VARCHAR,
    retry_at          TIMESTAMP,
    fault             VARCHAR,
    benign            BOOLEAN,
    contact_support   BOOLEAN,
    outage            BOOLEAN,
    confidence        VARCHAR,
    rule              VARCHAR,
    candidates        VARCHAR,
    retry_after_s     DOUBLE,
    retry_source      VARCHAR,
    request_id        VARCHAR,
    client_request_id VARCHAR,
    trace_id          VARCHAR,
    request_key       UBIGINT,
    duration_ms       DOUBLE,
    bytes             BIGINT,
    client            VARCHAR,
    user_agent        VARCHAR,
    account           VARCHAR,
    direction         VARCHAR,
    quota_name        VARCHAR,
    quota_limit       BIGINT,
    quota_used        BIGINT,
    quota_remaining   BIGINT,
    quota_reset_at    TIMESTAMP,
    body              VARCHAR,
    source_id         BIGINT,
    source_offset     BIGINT,
    headers           VARCHAR,
    request_headers   VARCHAR
);

-- What people ask. The columns are those of requests_full, in its order.
CREATE VIEW requests AS
SELECT
    b.ts, e.vendor, e.host, e.method, e.route, NULL::VARCHAR AS path, NULL::VARCHAR AS query, b.status,
    NULL::SMALLINT AS body_status, NULL::VARCHAR AS category, NULL::VARCHAR AS code, NULL::VARCHAR AS error_type,
    NULL::VARCHAR AS message, NULL::VARCHAR AS retry, NULL::TIMESTAMP AS retry_at, NULL::VARCHAR AS fault,
    NULL::BOOLEAN AS benign, NULL::BOOLEAN AS contact_support, NULL::BOOLEAN AS outage, NULL::VARCHAR AS confidence,
    NULL::VARCHAR AS rule, NULL::VARCHAR AS candidates, NULL::DOUBLE AS retry_after_s, NULL::VARCHAR AS retry_source,
    NULL::VARCHAR AS request_id, NULL::VARCHAR AS client_request_id, replace(b.trace_id::VARCHAR, '-', '') AS trace_id, b.request_key, b.duration_ms,
    b.bytes, NULL::VARCHAR AS client, NULL::VARCHAR AS user_agent, e.account, e.direction, NULL::VARCHAR AS quota_name,
    NULL::BIGINT AS quota_limit, NULL::BIGINT AS quota_used, NULL::BIGINT AS quota_remaining, NULL::TIMESTAMP AS quota_reset_at,
    NULL::VARCHAR AS body, b.source_id, b.source_offset, NULL::VARCHAR AS headers, NULL::VARCHAR AS request_headers
FROM requests_brief b JOIN endpoints e ON e.endpoint_id = b.endpoint_id
UNION ALL
SELECT
    ts, vendor, host, method, route, path, query, status, body_status, category, code, error_type, message, retry, retry_at,
    fault, benign, contact_support, outage, confidence, rule, candidates, retry_after_s, retry_source, request_id,
    client_request_id, trace_id, request_key, duration_ms, bytes, client, user_agent, account, direction, quota_name,
    quota_limit, quota_used, quota_remaining, quota_reset_at, body, source_id, source_offset, headers, request_headers
FROM requests_full;

CREATE VIEW failures AS
SELECT * FROM requests_full
WHERE category IS NOT NULL AND NOT benign AND direction IN ('outbound', 'callback');

CREATE TABLE outage_windows (
    window_id      BIGINT,
    vendor         VARCHAR,
    host           VARCHAR,
    route          VARCHAR,
    started_at     TIMESTAMP,
    ended_at       TIMESTAMP,
    requests       BIGINT,
    failures       BIGINT,
    baseline_ratio DOUBLE,
    peak_ratio     DOUBLE,
    peak_at        TIMESTAMP,
    top_code       VARCHAR,
    accounts       BIGINT
);

CREATE TABLE quota_status (
    vendor                  VARCHAR,
    host                    VARCHAR,
    account                 VARCHAR,
    name                    VARCHAR,
    period_start            TIMESTAMP,
    period_end              TIMESTAMP,
    quota_limit             BIGINT,
    used                    BIGINT,
    remaining               BIGINT,
    burn_per_hour           DOUBLE,
    exhausted_at            TIMESTAMP,
    projected_exhaustion_at TIMESTAMP,
    basis                   VARCHAR
);

-- bytes are the decompressed bytes loaded so far and sha256 is the hash of
-- exactly these. head is the hash of the first head_bytes bytes, by which a source
-- is found again. compared says up to which byte its lines were held against those
-- of the other sources; records, rejected and ignored leave duplicates out.
CREATE TABLE sources (
    source_id     BIGINT,
    path          VARCHAR,
    format        VARCHAR,
    bytes         BIGINT,
    sha256        VARCHAR,
    lines         BIGINT,
    records       BIGINT,
    rejected      BIGINT,
    ignored       BIGINT,
    duplicates    BIGINT,
    first_ts      TIMESTAMP,
    last_ts       TIMESTAMP,
    ingested_at   TIMESTAMP,
    pack_versions VARCHAR,
    notes         VARCHAR,
    complete      BOOLEAN,
    error         VARCHAR,
    head          VARCHAR,
    head_bytes    BIGINT,
    compared      BIGINT
);

-- A few bits of every line, by which sources that overlap are told: one row per
-- segment, see ingest.NewPrints.
CREATE TABLE line_prints (
    source_id     BIGINT,
    source_offset BIGINT,
    prints        BLOB
);

-- Where the lines of a source were taken away, because another source has them:
-- from the byte and line (from 0) up to, but without, the other.
CREATE TABLE doubled_lines (
    source_id   BIGINT,
    from_offset BIGINT,
    to_offset   BIGINT,
    from_line   BIGINT,
    to_line     BIGINT
);

CREATE TABLE rejects (
    source_id     BIGINT,
    source_offset BIGINT,
    line          BIGINT,
    reason        VARCHAR,
    sample        VARCHAR
);

CREATE TABLE rules (
    rule         VARCHAR,
    pack         VARCHAR,
    pack_version VARCHAR,
    action       VARCHAR,
    docs_url     VARCHAR
);

CREATE TABLE vendors (
    vendor         VARCHAR,
    support_fields VARCHAR,
    support_url    VARCHAR
);
