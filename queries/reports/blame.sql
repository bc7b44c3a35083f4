-- question: Who can remove the failures, by vendor and over time?
-- parameters: since, until, vendor, account, slots
-- columns: vendor, host (where no pack knows the vendor), fault, slot (of the span, from 0; -1 has no time), start (UTC, of the slot), failures (count)
-- order: vendor, host, slot, fault
WITH failed AS (
    SELECT CASE WHEN es_pack(vendor) = '' THEN 'unknown' ELSE vendor END AS vendor, es_vendor_host(vendor, host) AS host, coalesce(fault, 'unknown') AS fault, ts
    FROM failures
    WHERE es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), span AS (
    SELECT coalesce($since, min(ts)) AS first_ts, coalesce($until, max(ts)) AS last_ts FROM failed
)
SELECT f.vendor, f.host, f.fault, coalesce(es_slot(f.ts, s.first_ts, s.last_ts, $slots), -1)::BIGINT AS slot,
    es_slot_start(es_slot(f.ts, s.first_ts, s.last_ts, $slots), max(s.first_ts), max(s.last_ts), $slots) AS start, count(*) AS failures
FROM failed f, span s
GROUP BY f.vendor, f.host, f.fault, es_slot(f.ts, s.first_ts, s.last_ts, $slots)
ORDER BY f.vendor, f.host, slot, f.fault;
