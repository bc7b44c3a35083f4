-- question: (a step of fusion) Make room for the lines of which the answer may be another.
-- parameters: none
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE fuse_touched (source_id BIGINT, source_offset BIGINT);
