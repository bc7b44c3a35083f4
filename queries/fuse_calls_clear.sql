-- question: (a step of fusion) Forget how many calls were counted.
-- parameters: none
-- columns: none
-- order: none
DELETE FROM fuse_calls;
