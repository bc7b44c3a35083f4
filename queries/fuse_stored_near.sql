-- question: (a step of fusion) Which lines are fused, and into which row, of the exchanges that have one of the lines to look at?
-- parameters: none
-- columns: source_id, source_offset, into_source_id, into_offset, key
-- order: into_source_id, into_offset, source_id, source_offset
WITH rows AS (
    SELECT DISTINCT f.into_source_id, f.into_offset
    FROM fused f JOIN temp.fuse_places p ON p.source_id = f.source_id AND p.source_offset = f.source_offset
)
SELECT f.source_id, f.source_offset, f.into_source_id, f.into_offset, f.key
FROM fused f JOIN rows r ON r.into_source_id = f.into_source_id AND r.into_offset = f.into_offset
ORDER BY f.into_source_id, f.into_offset, f.source_id, f.source_offset;
