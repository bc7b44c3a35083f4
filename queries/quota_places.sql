-- question: (a step of the quota ledger) What was called in the hours that are counted now?
-- parameters: since, until
-- columns: raw_vendor, raw_host, route ('' for NULL), vendor ('' where no pack knows it), host (only there)
-- order: raw_vendor, raw_host, route
SELECT DISTINCT coalesce(vendor, '') AS raw_vendor, coalesce(host, '') AS raw_host, coalesce(route, '') AS route,
    es_pack(vendor) AS vendor, es_vendor_host(vendor, host) AS host
FROM (
    SELECT vendor, host, route FROM endpoints WHERE direction = 'outbound'
    UNION ALL
    SELECT vendor, host, route FROM requests_full WHERE direction = 'outbound' AND ts >= $since AND ts < $until
)
ORDER BY raw_vendor, raw_host, route;
