-- question: When was each vendor called, and when and how did its calls fail?
-- parameters: since, until, vendor, account, first, last, slots, cell_us
-- columns: vendor ('' where no pack knows it), host (only there), slot (of slots equal spans from first to last; -1 is outside, or without a time), fault, category, retry (all three NULL in the row that counts the calls), outage, requests, failures, request_ids (counts; failures with one), last (UTC)
-- order: vendor, host, slot, requests desc, fault, category, retry, outage
-- Of cells of cell_us microseconds none is cut: 60000000 asks for whole minutes, 1 for the plain slots.
WITH plain AS (
    -- Whole minutes were counted before; rows are read at the edges of the span.
    SELECT endpoint_id, es_slot_by(last, $cell_us, $first, $last, $slots) AS slot, sum(calls)::BIGINT AS n, max(last) AS last
    FROM calls_by_minute
    WHERE $cell_us = 60000000 AND es_cell_inside(minute, 60000000, $since, $until)
    GROUP BY endpoint_id, es_slot_by(last, $cell_us, $first, $last, $slots)
    UNION ALL
    SELECT endpoint_id, es_slot_by(ts, $cell_us, $first, $last, $slots), count(*)::BIGINT, max(ts)
    FROM requests_brief
    WHERE es_in_span(ts, $since, $until) AND ($cell_us <> 60000000 OR es_at_edge(ts, 60000000, $since, $until))
    GROUP BY endpoint_id, es_slot_by(ts, $cell_us, $first, $last, $slots)
    UNION ALL
    SELECT endpoint_id, es_slot_by(ts, $cell_us, $first, $last, $slots), count(*)::BIGINT, max(ts)
    FROM calls_untallied
    WHERE $cell_us = 60000000 AND es_in_span(ts, $since, $until) AND NOT es_at_edge(ts, 60000000, $since, $until)
    GROUP BY endpoint_id, es_slot_by(ts, $cell_us, $first, $last, $slots)
), full_rows AS (
    -- What follows works on the few rows of this.
    SELECT vendor, host, es_slot_by(ts, $cell_us, $first, $last, $slots) AS slot, direction, fault, category, retry, outage, benign,
        count(*)::BIGINT AS n, count(request_id) AS request_ids, max(ts) AS last
    FROM requests_full
    WHERE direction IS DISTINCT FROM 'inbound' AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY vendor, host, slot, direction, fault, category, retry, outage, benign
), calls AS (
    SELECT e.vendor, e.host, p.slot, p.n, p.last
    FROM plain p
    JOIN endpoints e ON e.endpoint_id = p.endpoint_id
    WHERE e.direction IS DISTINCT FROM 'inbound'
      AND ($vendor IS NULL OR es_vendor(e.vendor) = $vendor) AND ($account IS NULL OR e.account = $account)
    UNION ALL
    SELECT vendor, host, slot, n, last FROM full_rows
)
SELECT es_pack(vendor) AS vendor, es_vendor_host(vendor, host) AS host, coalesce(slot, -1) AS slot,
    NULL AS fault, NULL AS category, NULL AS retry, NULL AS outage, sum(n)::BIGINT AS requests, 0 AS failures, 0 AS request_ids, max(last) AS last
FROM calls
GROUP BY es_pack(vendor), es_vendor_host(vendor, host), coalesce(slot, -1)
UNION ALL
SELECT es_pack(vendor), es_vendor_host(vendor, host), coalesce(slot, -1), fault, category, coalesce(retry, ''), outage,
    0, sum(n)::BIGINT, sum(request_ids)::BIGINT, max(last)
FROM full_rows
WHERE category IS NOT NULL AND NOT benign AND direction IN ('outbound', 'callback')
GROUP BY es_pack(vendor), es_vendor_host(vendor, host), coalesce(slot, -1), fault, category, coalesce(retry, ''), outage
ORDER BY vendor, host, slot, requests DESC, fault, category, retry, outage;
