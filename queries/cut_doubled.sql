-- question: (a step of loading) End at an offset, and one line earlier, what was doubled of a source.
-- parameters: source_id, source_offset
-- columns: none
-- order: none
UPDATE doubled_lines SET to_offset = $source_offset, to_line = to_line - 1
WHERE source_id = $source_id AND from_offset < $source_offset AND to_offset > $source_offset;
