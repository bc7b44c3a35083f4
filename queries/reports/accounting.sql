-- question: What became of every line of every source?
-- parameters: none
-- columns: path, format, lines, records, rejected, ignored, duplicates (counts; lines is the sum of the other four in formats of lines), pruned (records whose rows went because of their age), bytes (decompressed), first, last (UTC), complete, error
-- order: path, source_id
SELECT path, format, lines, records, rejected, ignored, duplicates, coalesce(pruned, 0) AS pruned, bytes, first_ts AS first, last_ts AS last,
    coalesce(complete, TRUE) AS complete, error
FROM sources
ORDER BY path, source_id;
