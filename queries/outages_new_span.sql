-- question: (a step of finding outages) What span does the traffic of a stretch of a source cover?
-- parameters: source_id, from_offset
-- columns: first, last (NULL where there is none)
-- order: one row
SELECT min(minute) AS first, max(minute) AS last FROM traffic_minutes WHERE source_id = $source_id AND from_offset = $from_offset;
