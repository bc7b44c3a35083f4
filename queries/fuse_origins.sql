-- question: (a step of fusion) Make room for what the sources are pieces of, and for the lines to look at.
-- parameters: none
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE fuse_sources (
    source_id      BIGINT,
    origin         INTEGER, -- sources that are pieces of one log have one
    format         INTEGER,
    lead_source_id BIGINT,  -- the first one of its origin
    from_offset    BIGINT   -- lines from here on are fresh
);
-- Which lines of a source the time may join, by the kinds of ids that they tell.
CREATE OR REPLACE TEMP TABLE fuse_apt (
    source_id BIGINT,
    ids       INTEGER
);
-- round 0 are fresh lines, and 1 those that were found because of these.
CREATE OR REPLACE TEMP TABLE fuse_places (
    source_id     BIGINT,
    source_offset BIGINT,
    round         INTEGER,
    ts            TIMESTAMP -- of those of a later run
);
