-- The first schema. One row of requests is one observed HTTP exchange; every
-- empty text is NULL, every time is UTC with microseconds.

CREATE TABLE requests (
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

CREATE VIEW failures AS
SELECT * FROM requests
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
-- exactly these; hash_state lets the hash go on when the source grows. head is
-- the hash of the first head_bytes bytes, by which a source is found again.
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
    hash_state    BLOB
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
