-- What the joining of lines has counted of those that it has seen, so that a later
-- run looks at new lines and what stands around them only. Without a row of
-- fuse_seen the next run looks at all of them.

-- The sources, the first one of the same log, and which kinds of ids all of its
-- lines tell: 1 the vendor's, 2 ours, 4 a trace.
CREATE TABLE fuse_seen (
    source_id      BIGINT,
    lead_source_id BIGINT,
    ids            INTEGER
);

CREATE TABLE fuse_calls (
    source_id BIGINT,
    host      VARCHAR,
    hour      BIGINT, -- since 1970
    calls     BIGINT
);

-- Two logs, by their first sources, that tell of calls of one host: how many
-- exchanges ids made one, how many pairs of lines the time may join, how many of
-- these have no other choice; and whether the time is believed.
CREATE TABLE fuse_pairs (
    a_source_id BIGINT,
    b_source_id BIGINT,
    host        VARCHAR,
    joined      BIGINT,
    near        BIGINT,
    chosen      BIGINT,
    believed    BOOLEAN
);
