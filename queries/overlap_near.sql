-- question: Which sources may share lines with one that was not compared yet?
-- parameters: none
-- columns: source_id; pending: it is one of these
-- order: source_id
SELECT s.source_id, s.compared < s.bytes AS pending
FROM sources s
WHERE EXISTS (
    SELECT 1
    FROM sources t
    WHERE t.source_id <> s.source_id
      AND t.format = s.format
      AND (t.compared < t.bytes OR s.compared < s.bytes)
      AND (t.first_ts IS NULL OR s.first_ts IS NULL OR t.first_ts <= s.last_ts AND s.first_ts <= t.last_ts)
      AND t.records > 0 AND s.records > 0
)
ORDER BY s.source_id;
