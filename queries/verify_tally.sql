-- question: Which counts of plain calls are not those of the rows?
-- parameters: none
-- columns: place: the source; want, have
-- order: place, want, have
WITH counted AS (
    SELECT b.source_id, b.endpoint_id, es_cell(epoch_us(b.ts), 60000000) AS minute, b.duration_ms::BIGINT AS whole_ms, b.ts,
        coalesce(b.duration_ms <> b.duration_ms::BIGINT, false) AS split
    FROM requests_brief b JOIN tallied t ON t.source_id = b.source_id AND b.source_offset < t.to_offset
),
minutes AS (
    SELECT source_id, endpoint_id, minute, sum(n)::BIGINT AS n, max(first) AS first, max(last) AS last, count(*) AS parts
    FROM (SELECT source_id, endpoint_id, minute, count(*) AS n, min(ts) AS first, max(ts) AS last FROM counted GROUP BY source_id, endpoint_id, minute
          UNION ALL
          SELECT source_id, endpoint_id, minute, -calls, first, last FROM calls_by_minute)
    GROUP BY source_id, endpoint_id, minute
    HAVING n <> 0 OR parts <> 2 OR min(first) <> max(first) OR min(last) <> max(last)
),
durations AS (
    SELECT source_id, endpoint_id, day, whole_ms, sum(n)::BIGINT AS n, count(*) AS parts
    FROM (SELECT source_id, endpoint_id, (ts::DATE - DATE '1970-01-01')::BIGINT AS day, whole_ms, count(*) AS n, bool_or(split) AS split
          FROM counted GROUP BY source_id, endpoint_id, day, whole_ms
          UNION ALL
          SELECT source_id, endpoint_id, day, whole_ms, -calls, split FROM calls_by_duration)
    GROUP BY source_id, endpoint_id, day, whole_ms
    HAVING n <> 0 OR parts <> 2 OR bool_or(split) <> bool_and(split)
)
SELECT 'tally_minutes of source ' || source_id AS place, 'the calls of its rows in every minute' AS want, 'others in ' || count(*) || ' minutes of an endpoint' AS have
FROM minutes GROUP BY source_id
UNION ALL
SELECT 'tally_durations of source ' || source_id, 'the durations of its rows on every day', 'others in ' || count(*) || ' milliseconds of an endpoint'
FROM durations GROUP BY source_id
UNION ALL
SELECT place, 'a source for every row', n || ' rows of source ' || coalesce(source_id::VARCHAR, 'NULL') || ', which is not in the ledger'
FROM (SELECT 'tally_minutes' AS place, source_id, count(*) AS n FROM tally_minutes GROUP BY source_id
      UNION ALL SELECT 'tally_durations', source_id, count(*) FROM tally_durations GROUP BY source_id) t
WHERE NOT EXISTS (SELECT 1 FROM sources s WHERE s.source_id = t.source_id)
    AND NOT EXISTS (SELECT 1 FROM analysed a WHERE a.step = 'tally' AND a.source_id = t.source_id)
ORDER BY place, want, have;
