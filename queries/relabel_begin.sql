-- question: (a step of labelling anew) Make room for what changes.
-- parameters: none
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE relabelled (
    row_number      BIGINT,   -- of a row of requests_full, else NULL
    endpoint_id     INTEGER,  -- with status: the rows of requests_brief that fail now
    status          SMALLINT,
    vendor          VARCHAR,
    direction       VARCHAR,
    body_status     SMALLINT,
    category        VARCHAR,
    code            VARCHAR,
    error_type      VARCHAR,
    message         VARCHAR,
    retry           VARCHAR,
    retry_at        TIMESTAMP,
    fault           VARCHAR,
    benign          BOOLEAN,
    contact_support BOOLEAN,
    outage          BOOLEAN,
    confidence      VARCHAR,
    rule            VARCHAR,
    candidates      VARCHAR,
    retry_after_s   DOUBLE,
    retry_source    VARCHAR,
    request_id      VARCHAR,
    quota_name      VARCHAR,
    quota_limit     BIGINT,
    quota_used      BIGINT,
    quota_remaining BIGINT,
    quota_reset_at  TIMESTAMP,
    quota_basis     VARCHAR,
    quota_period    VARCHAR,
    quota_cost      BIGINT,
    request_hash    UBIGINT   -- of request_id, by which lines of one exchange are found
);
CREATE OR REPLACE TEMP TABLE readdressed (
    endpoint_id INTEGER,
    vendor      VARCHAR,
    direction   VARCHAR
);
