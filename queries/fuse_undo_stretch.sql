-- question: (a step of fusion) Choose the fused rows to be parted that have a line in a stretch of a source.
-- parameters: source_id, from_offset, to_offset
-- columns: none
-- order: none
INSERT INTO temp.fuse_undo
SELECT DISTINCT into_source_id, into_offset
FROM fused
WHERE source_id = $source_id AND source_offset >= $from_offset AND source_offset < $to_offset;
