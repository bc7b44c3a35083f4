-- question: (a step of loading) Take the prints of a source's lines away from an offset on.
-- parameters: source_id, source_offset
-- columns: none
-- order: none
DELETE FROM line_prints WHERE source_id = $source_id AND source_offset >= $source_offset;
