-- question: (a step of fusion) Choose all fused rows to be parted.
-- parameters: none
-- columns: none
-- order: none
INSERT INTO temp.fuse_undo
SELECT DISTINCT into_source_id, into_offset FROM fused
UNION
SELECT source_id, source_offset FROM requests_full WHERE fused_by IS NOT NULL;
