-- question: (a step of loading) Forget from an offset on which lines of a source were doubled.
-- parameters: source_id, source_offset
-- columns: none
-- order: none
DELETE FROM doubled_lines WHERE source_id = $source_id AND from_offset >= $source_offset;
