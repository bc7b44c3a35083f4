-- question: (a step of tallying) Count the rows of the one pending stretch.
-- parameters: first_source, from_offset, to_offset
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE tally_minutes_new AS
SELECT $first_source::BIGINT AS source_id, endpoint_id, minute, calls, first, last
FROM (
    SELECT endpoint_id, es_cell(epoch_us(ts), 60000000) AS minute, count(*) AS calls, min(ts) AS first, max(ts) AS last
    FROM requests_brief
    WHERE source_id = $first_source AND source_offset >= $from_offset AND source_offset < $to_offset
    GROUP BY endpoint_id, es_cell(epoch_us(ts), 60000000)
);

CREATE OR REPLACE TEMP TABLE tally_durations_new AS
SELECT $first_source::BIGINT AS source_id, endpoint_id, (date - DATE '1970-01-01')::BIGINT AS day, whole_ms, calls, split
FROM (
    SELECT endpoint_id, ts::DATE AS date, duration_ms::BIGINT AS whole_ms, count(*) AS calls, coalesce(bool_or(duration_ms <> duration_ms::BIGINT), false) AS split
    FROM requests_brief
    WHERE source_id = $first_source AND source_offset >= $from_offset AND source_offset < $to_offset
    GROUP BY endpoint_id, ts::DATE, duration_ms::BIGINT
);
