-- question: (a step of fusion) Forget of some lines that they were left apart.
-- parameters: none
-- columns: none
-- order: none
DELETE FROM left_apart l USING temp.fuse_touched t WHERE t.source_id = l.source_id AND t.source_offset = l.source_offset;
DROP TABLE temp.fuse_touched;
