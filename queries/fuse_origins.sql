-- question: (a step of fusion) Make room for what the sources are pieces of.
-- parameters: none
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE fuse_sources (
    source_id BIGINT,
    origin    INTEGER, -- sources that are pieces of one log have one
    format    INTEGER
);
