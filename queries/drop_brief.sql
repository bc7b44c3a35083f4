-- question: (a step of loading) Take the brief rows of a source away from an offset on.
-- parameters: source_id, source_offset
-- columns: none
-- order: none
DELETE FROM requests_brief WHERE source_id = $source_id AND source_offset >= $source_offset;
