-- question: (a step of finding outages) Add up the traffic of a stretch of a source by ten minutes.
-- parameters: source_id, from_offset
-- columns: none
-- order: none
INSERT INTO traffic_blocks
SELECT source_id, from_offset, vendor, host, route, epoch_us(minute) // 600000000, min(epoch_us(minute) // 60000000), max(epoch_us(minute) // 60000000),
    sum(calls), sum(failed)
FROM traffic_minutes
WHERE source_id = $source_id AND from_offset = $from_offset
    AND minute >= coalesce((SELECT date_trunc('hour', max(r.cutoff)) + INTERVAL 1 HOUR FROM retention r WHERE EXISTS (SELECT 1 FROM sources s WHERE s.source_id = $source_id AND s.pruned > 0)), TIMESTAMP '0001-01-01')
GROUP BY source_id, from_offset, vendor, host, route, epoch_us(minute) // 600000000;
