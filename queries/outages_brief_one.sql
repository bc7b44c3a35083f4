-- question: (a step of finding outages) Count the plain calls of one pending stretch by endpoint and minute.
-- parameters: first_source, from_offset, to_offset
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE traffic_brief AS
SELECT source_id, $from_offset::BIGINT AS from_offset, endpoint_id, epoch_us(ts) // 60000000 AS minute, count(*) AS calls
FROM requests_brief
WHERE source_id = $first_source AND source_offset >= $from_offset AND source_offset < $to_offset
GROUP BY source_id, endpoint_id, epoch_us(ts) // 60000000;
