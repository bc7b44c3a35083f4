-- question: (a step of finding outages) Take the traffic of a source away.
-- parameters: source_id
-- columns: none
-- order: none
-- What lies before the last pruning cannot be told again and stays.
DELETE FROM traffic_minutes WHERE source_id = $source_id
    AND minute >= coalesce((SELECT date_trunc('hour', max(r.cutoff)) + INTERVAL 1 HOUR FROM retention r WHERE EXISTS (SELECT 1 FROM sources s WHERE s.source_id = $source_id AND s.pruned > 0)), TIMESTAMP '0001-01-01');
