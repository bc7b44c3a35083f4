-- question: Which lines could not be read, and why?
-- parameters: limit
-- columns: path, source_id, source_offset (in the decompressed bytes), line (from 1), reason, sample (masked)
-- order: source_id, source_offset, line
SELECT s.path, r.source_id, r.source_offset, r.line, r.reason, r.sample
FROM rejects r
LEFT JOIN sources s ON s.source_id = r.source_id
ORDER BY r.source_id, r.source_offset, r.line
LIMIT $limit;
