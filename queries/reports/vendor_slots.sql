-- question: When was each vendor called, and when and how did its calls fail?
-- parameters: since, until, vendor, account, first, last, slots
-- columns: vendor ('' where no pack knows it), host (only there), slot (of slots equal spans from first to last), fault, category, retry (all three NULL in the row that counts the calls), outage, requests, failures, request_ids (counts; failures with one)
-- order: vendor, host, slot, requests desc, fault, category, retry, outage
WITH called AS (
    SELECT endpoint_id, es_pack(vendor) AS vendor, es_vendor_host(vendor, host) AS host
    FROM endpoints
    WHERE direction IS DISTINCT FROM 'inbound'
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), full_calls AS (
    SELECT es_pack(vendor) AS vendor, es_vendor_host(vendor, host) AS host, es_slot(ts, $first, $last, $slots) AS slot,
        direction, fault, category, retry, outage, benign, count(*) AS n, count(request_id) AS request_ids
    FROM requests_full
    WHERE direction IS DISTINCT FROM 'inbound' AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY es_pack(vendor), es_vendor_host(vendor, host), slot, direction, fault, category, retry, outage, benign
), calls AS (
    SELECT c.vendor, c.host, b.slot, b.n
    FROM (
        SELECT endpoint_id, es_slot(ts, $first, $last, $slots) AS slot, count(*) AS n
        FROM requests_brief WHERE es_in_span(ts, $since, $until) GROUP BY endpoint_id, slot
    ) b
    JOIN called c ON c.endpoint_id = b.endpoint_id
    UNION ALL
    SELECT vendor, host, slot, n FROM full_calls
)
SELECT vendor, host, slot, NULL AS fault, NULL AS category, NULL AS retry, NULL AS outage,
    sum(n)::BIGINT AS requests, 0 AS failures, 0 AS request_ids
FROM calls
WHERE slot IS NOT NULL
GROUP BY vendor, host, slot
UNION ALL
SELECT vendor, host, coalesce(slot, -1), fault, category, coalesce(retry, ''), outage, 0, sum(n)::BIGINT, sum(request_ids)::BIGINT
FROM full_calls
WHERE category IS NOT NULL AND NOT benign AND direction IN ('outbound', 'callback')
GROUP BY vendor, host, coalesce(slot, -1), fault, category, coalesce(retry, ''), outage
ORDER BY vendor, host, slot, requests DESC, fault, category, retry, outage;
