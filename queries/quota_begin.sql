-- question: (a step of the quota ledger) Make room for what is worked out on the way.
-- parameters: none
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE quota_pending (
    source_id   BIGINT,
    from_offset BIGINT,
    to_offset   BIGINT
);
-- The beginnings of periods that are known of vendors and lie within an hour.
CREATE OR REPLACE TEMP TABLE quota_resets (
    vendor VARCHAR,
    host   VARCHAR,
    name   VARCHAR,
    begins TIMESTAMP
);
-- What a call to a place costs: vendor and host are those of the ledger, counts
-- is a list of categories with commas around each, account that of calls that show none.
CREATE OR REPLACE TEMP TABLE quota_places (
    raw_vendor VARCHAR,
    raw_host   VARCHAR,
    route      VARCHAR,
    vendor     VARCHAR,
    host       VARCHAR,
    name       VARCHAR,
    counts     VARCHAR,
    account    VARCHAR
);
