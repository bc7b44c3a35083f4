-- question: (a step of fusion) Forget what was seen, so that the next run looks at all lines.
-- parameters: none
-- columns: none
-- order: none
DELETE FROM fuse_seen;
