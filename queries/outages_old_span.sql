-- question: (a step of finding outages) What span does the traffic of a source cover that is to go?
-- parameters: source_id
-- columns: first, last (NULL where there is none)
-- order: one row
SELECT min(minute) AS first, max(minute) AS last FROM traffic_minutes WHERE source_id = $source_id
    AND minute >= coalesce((SELECT date_trunc('hour', max(r.cutoff)) + INTERVAL 1 HOUR FROM retention r WHERE EXISTS (SELECT 1 FROM sources s WHERE s.source_id = $source_id AND s.pruned > 0)), TIMESTAMP '0001-01-01');
