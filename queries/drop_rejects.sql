-- question: (a step of loading) Take the rejected lines of a source away from an offset on.
-- parameters: source_id, source_offset
-- columns: none
-- order: none
DELETE FROM rejects WHERE source_id = $source_id AND source_offset >= $source_offset;
