-- question: (a step of tallying) Count the rows of the pending stretches. The parameters hold all of them.
-- parameters: first_source, last_source, from_offset, to_offset
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE tally_minutes_new AS
SELECT b.source_id, b.endpoint_id, es_cell(epoch_us(b.ts), 60000000) AS minute, count(*) AS calls, min(b.ts) AS first, max(b.ts) AS last
FROM requests_brief b
JOIN temp.tally_pending p ON p.source_id = b.source_id AND b.source_offset >= p.from_offset AND b.source_offset < p.to_offset
WHERE b.source_id >= $first_source AND b.source_id <= $last_source AND b.source_offset >= $from_offset AND b.source_offset < $to_offset
GROUP BY b.source_id, b.endpoint_id, es_cell(epoch_us(b.ts), 60000000);

CREATE OR REPLACE TEMP TABLE tally_durations_new AS
SELECT b.source_id, b.endpoint_id, (b.ts::DATE - DATE '1970-01-01')::BIGINT AS day, b.duration_ms::BIGINT AS whole_ms, count(*) AS calls,
    coalesce(bool_or(b.duration_ms <> b.duration_ms::BIGINT), false) AS split
FROM requests_brief b
JOIN temp.tally_pending p ON p.source_id = b.source_id AND b.source_offset >= p.from_offset AND b.source_offset < p.to_offset
WHERE b.source_id >= $first_source AND b.source_id <= $last_source AND b.source_offset >= $from_offset AND b.source_offset < $to_offset
GROUP BY b.source_id, b.endpoint_id, b.ts::DATE, b.duration_ms::BIGINT;
