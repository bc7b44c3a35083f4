-- question: (a step of fusion) Make room for the rows that are to be parted, and for the lines that are to be fused.
-- parameters: none
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE fuse_undo (
    into_source_id BIGINT,
    into_offset    BIGINT
);
CREATE OR REPLACE TEMP TABLE fuse_changes (
    cluster        BIGINT,  -- the number of the exchange
    lines          INTEGER, -- how many lines tell of it
    source_id      BIGINT,
    source_offset  BIGINT,
    into_source_id BIGINT,
    into_offset    BIGINT,
    key            VARCHAR,
    log_rank       INTEGER, -- 0: the line whose place the row gets
    fused_by       VARCHAR  -- all keys of the row
);
