-- question: (a step of finding outages) Count the plain calls of the pending stretches by endpoint and minute.
-- parameters: first_source, last_source, from_offset, to_offset
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE traffic_brief AS
SELECT b.source_id, p.from_offset, b.endpoint_id, epoch_us(b.ts) // 60000000 AS minute, count(*) AS calls
FROM requests_brief b
JOIN temp.traffic_pending p ON p.source_id = b.source_id AND b.source_offset >= p.from_offset AND b.source_offset < p.to_offset
WHERE b.source_id >= $first_source AND b.source_id <= $last_source AND b.source_offset >= $from_offset AND b.source_offset < $to_offset
GROUP BY b.source_id, p.from_offset, b.endpoint_id, epoch_us(b.ts) // 60000000;
