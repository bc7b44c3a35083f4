-- question: (a step of fusion) Forget what was counted of two logs each, and make room for what was counted now.
-- parameters: none
-- columns: none
-- order: none
DELETE FROM fuse_pairs;
CREATE OR REPLACE TEMP TABLE fuse_new_pairs (
    a         BIGINT,
    b         BIGINT,
    host_hash UBIGINT,
    joined    BIGINT,
    near      BIGINT,
    chosen    BIGINT,
    believed  BOOLEAN
);
