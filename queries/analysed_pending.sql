-- question: (a step of analysis) Which sources has a step of the analysis not seen, or not as they are now?
-- parameters: step
-- columns: source_id, from_offset (0: all of it), to_offset, anew (what was seen no longer holds), gone, first_ts, last_ts (of the source)
-- order: source_id
SELECT
    coalesce(s.source_id, a.source_id) AS source_id,
    CASE WHEN s.source_id IS NULL OR a.bytes IS NULL OR a.bytes < 0 OR a.bytes > s.bytes THEN 0 ELSE a.bytes END AS from_offset,
    coalesce(s.bytes, 0) AS to_offset,
    a.source_id IS NOT NULL AND (s.source_id IS NULL OR a.bytes < 0 OR a.bytes > s.bytes) AS anew,
    s.source_id IS NULL AS gone,
    s.first_ts,
    s.last_ts
FROM sources s
FULL JOIN (SELECT source_id, min(bytes) AS bytes FROM analysed WHERE step = $step GROUP BY source_id) a ON a.source_id = s.source_id
WHERE s.source_id IS NULL OR a.source_id IS NULL OR a.bytes <> s.bytes
ORDER BY 1;
