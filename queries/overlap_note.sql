-- question: (a step of comparing) Note which lines of a source were doubled.
-- parameters: source_id, from_offset, to_offset, from_line, to_line
-- columns: none
-- order: none
INSERT INTO doubled_lines (source_id, from_offset, to_offset, from_line, to_line)
VALUES ($source_id, $from_offset, $to_offset, $from_line, $to_line);
