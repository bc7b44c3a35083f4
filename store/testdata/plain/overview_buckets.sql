WITH calls AS (
    SELECT es_slot_by(ts, $cell_us, $first, $last, $slots) AS slot, count(*) AS requests
    FROM requests
    WHERE direction IS DISTINCT FROM 'inbound' AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY slot
), failed AS (
    SELECT es_slot_by(ts, $cell_us, $first, $last, $slots) AS slot, count(*) AS failures
    FROM failures
    WHERE es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY slot
), slots AS (
    SELECT number AS slot FROM es_numbers($slots)
)
SELECT es_slot_by_start(s.slot, $cell_us, $first, $last, $slots) AS start,
    coalesce(c.requests, 0) AS requests, coalesce(f.failures, 0) AS failures
FROM slots s
LEFT JOIN calls c USING (slot)
LEFT JOIN failed f USING (slot)
ORDER BY s.slot;
