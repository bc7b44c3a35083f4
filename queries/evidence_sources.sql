-- question: In which sources do the selected failures stand?
-- parameters: since, until, vendor, codes, categories, request_ids, picking, windows, groups, exchanges, support_only
-- columns: path, format, sha256, bytes (decompressed), failures (count of those selected)
-- order: sha256, path
-- includes: evidence_selected
WITH selected AS (
    included
)
SELECT s.path, s.format, s.sha256, s.bytes, count(*) AS failures
FROM selected f
JOIN sources s ON s.source_id = f.source_id
GROUP BY s.path, s.format, s.sha256, s.bytes
ORDER BY s.sha256, s.path;
