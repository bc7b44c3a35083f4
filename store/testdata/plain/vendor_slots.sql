WITH full_rows AS (
    -- What follows works on the few rows of this.
    SELECT vendor, host, es_slot_by(ts, $cell_us, $first, $last, $slots) AS slot, direction, fault, category, retry, outage, benign,
        count(*) AS n, count(request_id) AS request_ids, max(ts) AS last
    FROM requests_full
    WHERE direction IS DISTINCT FROM 'inbound' AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY vendor, host, slot, direction, fault, category, retry, outage, benign
), calls AS (
    SELECT e.vendor, e.host, b.slot, b.n, b.last
    FROM (
        SELECT endpoint_id, es_slot_by(ts, $cell_us, $first, $last, $slots) AS slot, count(*) AS n, max(ts) AS last
        FROM requests_brief WHERE es_in_span(ts, $since, $until) GROUP BY endpoint_id, slot
    ) b
    JOIN endpoints e ON e.endpoint_id = b.endpoint_id
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
