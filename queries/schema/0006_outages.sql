-- Calls and those that failed as in an outage, by minute and by source, so that
-- what a source adds can be added and taken away. Attempts of one call count
-- once where they share a trace or our own request id. host is '' where a pack
-- knows the vendor.
CREATE TABLE traffic_minutes (
    source_id   BIGINT,
    from_offset BIGINT,
    vendor      VARCHAR,
    host        VARCHAR,
    route       VARCHAR,
    minute      TIMESTAMP,
    calls       BIGINT,
    failed      BIGINT,
    unreached   BIGINT -- of the failed ones those that may have come to nobody: no response, or a gateway's without a code
);

-- The same by ten minutes, which is all that what is usual is told by. Minutes
-- and blocks count from 1970; first and last are minutes.
CREATE TABLE traffic_blocks (
    source_id   BIGINT,
    from_offset BIGINT,
    vendor      VARCHAR,
    host        VARCHAR,
    route       VARCHAR,
    block       INTEGER,
    first       INTEGER,
    last        INTEGER,
    calls       BIGINT,
    failed      BIGINT
);

-- What a window is besides the contract's columns.
ALTER TABLE outage_windows ADD COLUMN score       DOUBLE;  -- log-likelihood of the outage against that of the usual ratio
ALTER TABLE outage_windows ADD COLUMN codes       VARCHAR; -- JSON, the most frequent first: [{"code":…,"rows":…}]
ALTER TABLE outage_windows ADD COLUMN routes      VARCHAR; -- JSON list of the routes that failed
ALTER TABLE outage_windows ADD COLUMN account_ids VARCHAR; -- JSON list
ALTER TABLE outage_windows ADD COLUMN request_ids VARCHAR; -- JSON list of at most 8: the oldest, at the peak, the newest
ALTER TABLE outage_windows ADD COLUMN unreached   BIGINT;  -- failures without any response
ALTER TABLE outage_windows ADD COLUMN why         VARCHAR; -- one sentence with the numbers
ALTER TABLE outage_windows ADD COLUMN planned     BOOLEAN; -- lies in a planned maintenance of the configuration
ALTER TABLE outage_windows ADD COLUMN note        VARCHAR; -- what the configuration says of it

-- Times when nobody was reached at all: the fault is on our side of the network,
-- so they are no vendor's outage.
CREATE TABLE local_outages (
    window_id  BIGINT,
    started_at TIMESTAMP,
    ended_at   TIMESTAMP, -- NULL: still open
    vendors    VARCHAR,   -- JSON list of the vendors that were not reached
    requests   BIGINT,
    failures   BIGINT,
    why        VARCHAR
);

-- The failures that lie in a window, with its id; a row may lie in several.
CREATE VIEW outage_failures AS
SELECT w.window_id, f.*
FROM outage_windows w
JOIN failures f ON f.ts >= w.started_at AND (w.ended_at IS NULL OR f.ts <= w.ended_at)
    AND CASE WHEN f.vendor IS NULL OR f.vendor = 'generic' THEN 'unknown' ELSE f.vendor END = w.vendor
    AND (w.host IS NULL OR coalesce(f.host, '') = w.host)
    AND (w.route IS NULL OR coalesce(f.route, '') = w.route)
WHERE f.outage;
