-- What failed how often in a span of time that somebody chose to compare with.
-- Rows without a category count the calls of a vendor, or host.
CREATE TABLE baselines (
    name       VARCHAR,
    saved_at   TIMESTAMP,
    since_ts   TIMESTAMP, -- the span, half-open; NULL is open
    until_ts   TIMESTAMP,
    vendor     VARCHAR,
    host       VARCHAR,   -- '' where a pack knows the vendor
    code       VARCHAR,
    error_type VARCHAR,
    status     SMALLINT,
    category   VARCHAR,
    failures   BIGINT,
    requests   BIGINT
);
