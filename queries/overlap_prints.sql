-- question: What is known of the lines of a source?
-- parameters: source_id
-- columns: source_offset, prints
-- order: source_offset
SELECT source_offset, prints
FROM line_prints
WHERE source_id = $source_id
ORDER BY source_offset;
