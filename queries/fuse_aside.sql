-- question: (a step of fusion) Put the lines aside that are to be fused.
-- parameters: first_source, last_source, from_offset, to_offset
-- columns: none
-- order: none
INSERT INTO fused_brief BY NAME
SELECT b.*, c.into_source_id, c.into_offset, c.key AS fused_key
FROM requests_brief b JOIN temp.fuse_changes c ON c.source_id = b.source_id AND c.source_offset = b.source_offset
WHERE b.source_id >= $first_source AND b.source_id <= $last_source AND b.source_offset >= $from_offset AND b.source_offset <= $to_offset;

DELETE FROM requests_brief b USING temp.fuse_changes c
WHERE b.source_id >= $first_source AND b.source_id <= $last_source AND b.source_offset >= $from_offset AND b.source_offset <= $to_offset
  AND c.source_id = b.source_id AND c.source_offset = b.source_offset;

INSERT INTO fused_full BY NAME
SELECT f.* EXCLUDE (fused_by, other_status), c.into_source_id, c.into_offset, c.key AS fused_key
FROM requests_full f JOIN temp.fuse_changes c ON c.source_id = f.source_id AND c.source_offset = f.source_offset
WHERE f.source_id >= $first_source AND f.source_id <= $last_source AND f.source_offset >= $from_offset AND f.source_offset <= $to_offset AND f.fused_by IS NULL;

DELETE FROM requests_full f USING temp.fuse_changes c
WHERE f.source_id >= $first_source AND f.source_id <= $last_source AND f.source_offset >= $from_offset AND f.source_offset <= $to_offset
  AND f.fused_by IS NULL AND c.source_id = f.source_id AND c.source_offset = f.source_offset;
