-- question: How many calls failed before, in and after these outages?
-- parameters: windows, slots
-- columns: window_id, slot (from 0, of equal spans of from_ts to to_ts), from_ts, to_ts (UTC), calls, failed (counts)
-- order: window_id, slot
-- windows is a JSON list of ids. A quarter of the outage, half an hour at least,
-- stands before it and after it.
WITH spans AS (
    SELECT w.window_id, es_outage_vendor(w.vendor) AS vendor, coalesce(w.host, '') AS host, w.route,
        greatest(1800, (epoch_us(coalesce(w.ended_at, l.last_minute)) - epoch_us(w.started_at)) // 4000000) AS margin_s,
        w.started_at, coalesce(w.ended_at, l.last_minute) AS ended_at
    FROM outage_windows w, (SELECT make_timestamp(max(minute) * 60000000) AS last_minute FROM traffic_minutes) l
    WHERE w.window_id IN (SELECT unnest(from_json($windows::JSON, '["BIGINT"]')))
), wide AS (
    SELECT window_id, vendor, host, route, started_at - to_seconds(margin_s) AS from_ts, ended_at + to_seconds(margin_s) AS to_ts
    FROM spans
)
SELECT w.window_id, es_slot(make_timestamp(m.minute * 60000000), w.from_ts, w.to_ts, $slots)::BIGINT AS slot, w.from_ts, w.to_ts,
    sum(m.calls)::BIGINT AS calls, sum(m.failed)::BIGINT AS failed
FROM wide w
JOIN traffic_scopes c ON es_outage_vendor(c.vendor) = w.vendor AND coalesce(c.host, '') = w.host AND (w.route IS NULL OR coalesce(c.route, '') = w.route)
JOIN traffic_minutes m ON m.scope_id = c.scope_id AND m.minute >= (epoch_us(w.from_ts) + 59999999) // 60000000 AND m.minute <= epoch_us(w.to_ts) // 60000000
GROUP BY w.window_id, 2, w.from_ts, w.to_ts
ORDER BY w.window_id, slot;
