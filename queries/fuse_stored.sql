-- question: (a step of fusion) Which lines are fused, and into which row?
-- parameters: none
-- columns: source_id, source_offset, into_source_id, into_offset, key
-- order: into_source_id, into_offset, source_id, source_offset
SELECT source_id, source_offset, into_source_id, into_offset, key FROM fused ORDER BY into_source_id, into_offset, source_id, source_offset;
