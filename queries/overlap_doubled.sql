-- question: Which lines of a source were doubled?
-- parameters: source_id
-- columns: from_offset, to_offset in bytes, from_line, to_line from 0
-- order: from_offset
SELECT from_offset, to_offset, from_line, to_line
FROM doubled_lines
WHERE source_id = $source_id
ORDER BY from_offset;
