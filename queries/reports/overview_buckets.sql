-- question: When were the calls, and when did they fail?
-- parameters: since, until, vendor, account, first, last, slots, cell_us
-- columns: start (UTC), requests, failures (counts); slots equal spans from first to last, none left out
-- order: start
-- Of cells of cell_us microseconds none is cut: 60000000 asks for whole minutes, 1 for the plain slots.
WITH called AS (
    SELECT endpoint_id FROM endpoints
    WHERE direction IS DISTINCT FROM 'inbound'
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), plain AS (
    -- Whole minutes were counted before; rows are read at the edges of the span.
    SELECT endpoint_id, es_slot_by(last, $cell_us, $first, $last, $slots) AS slot, sum(calls)::BIGINT AS n
    FROM calls_by_minute
    WHERE $cell_us = 60000000 AND es_cell_inside(minute, 60000000, $since, $until)
    GROUP BY endpoint_id, es_slot_by(last, $cell_us, $first, $last, $slots)
    UNION ALL
    SELECT endpoint_id, es_slot_by(ts, $cell_us, $first, $last, $slots), count(*)::BIGINT
    FROM requests_brief
    WHERE es_in_span(ts, $since, $until) AND ($cell_us <> 60000000 OR es_at_edge(ts, 60000000, $since, $until))
    GROUP BY endpoint_id, es_slot_by(ts, $cell_us, $first, $last, $slots)
    UNION ALL
    SELECT endpoint_id, es_slot_by(ts, $cell_us, $first, $last, $slots), count(*)::BIGINT
    FROM calls_untallied
    WHERE $cell_us = 60000000 AND es_in_span(ts, $since, $until) AND NOT es_at_edge(ts, 60000000, $since, $until)
    GROUP BY endpoint_id, es_slot_by(ts, $cell_us, $first, $last, $slots)
), told AS (
    SELECT es_slot_by(ts, $cell_us, $first, $last, $slots) AS slot, direction, category IS NOT NULL AS labelled, benign, count(*)::BIGINT AS n
    FROM requests_full
    WHERE direction IS DISTINCT FROM 'inbound' AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY es_slot_by(ts, $cell_us, $first, $last, $slots), direction, category IS NOT NULL, benign
), calls AS (
    SELECT slot, sum(requests)::BIGINT AS requests, sum(failures)::BIGINT AS failures
    FROM (
        SELECT p.slot, p.n AS requests, 0 AS failures FROM plain p JOIN called c ON c.endpoint_id = p.endpoint_id
        UNION ALL
        SELECT slot, n, CASE WHEN labelled AND NOT benign AND direction IN ('outbound', 'callback') THEN n ELSE 0 END FROM told
    ) GROUP BY slot
), slots AS (
    SELECT number AS slot FROM es_numbers($slots)
)
SELECT es_slot_by_start(s.slot, $cell_us, $first, $last, $slots) AS start, coalesce(c.requests, 0) AS requests, coalesce(c.failures, 0) AS failures
FROM slots s
LEFT JOIN calls c ON c.slot = s.slot
ORDER BY s.slot;
