-- question: What should be sent to which vendor's support?
-- parameters: since, until, vendor, account
-- columns: vendor, host (where no pack knows the vendor), code, error_type, status (of the newest; 0 is no response), category, message, route (of the newest), routes, failures, in_outage (counts), request_ids (count), request_id_1, request_id_2, request_id_3 (the newest three), request_id_oldest (NULL where it is one of these), first, last (UTC), support_fields, support_url
-- order: vendor, host, failures desc, code, error_type, category
WITH windows AS (
    SELECT DISTINCT es_pack(vendor) AS pack, es_vendor_host(vendor, host) AS host, coalesce(route, '') AS route, started_at, ended_at
    FROM outage_windows
), told AS (
    SELECT es_vendor(f.vendor) AS vendor, es_vendor_host(f.vendor, f.host) AS host, coalesce(f.code, '') AS code,
        coalesce(f.error_type, '') AS error_type, f.category, coalesce(f.route, '') AS route, f.ts, f.status, f.message, f.request_id,
        f.contact_support, f.outage, f.source_id, f.source_offset
    FROM failures f
    WHERE (f.contact_support OR f.outage) AND es_in_span(f.ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(f.vendor) = $vendor) AND ($account IS NULL OR f.account = $account)
), inside AS (
    SELECT DISTINCT t.source_id, t.source_offset, t.ts
    FROM told t
    JOIN windows w ON w.pack = es_pack(t.vendor) AND w.host = t.host AND (w.route = '' OR w.route = t.route)
      AND t.ts >= w.started_at AND (w.ended_at IS NULL OR t.ts <= w.ended_at)
    WHERE t.outage
), chosen AS (
    SELECT t.*, i.source_id IS NOT NULL AS in_outage,
        row_number() OVER (PARTITION BY t.vendor, t.host, t.code, t.error_type, t.category
            ORDER BY t.ts DESC NULLS LAST, t.source_id DESC, t.source_offset DESC) AS newest,
        row_number() OVER (PARTITION BY t.vendor, t.host, t.code, t.error_type, t.category, t.request_id IS NULL
            ORDER BY t.ts DESC NULLS LAST, t.source_id DESC, t.source_offset DESC) AS newest_id
    FROM told t
    LEFT JOIN inside i ON i.source_id = t.source_id AND i.source_offset = t.source_offset AND i.ts = t.ts
    WHERE t.contact_support OR i.source_id IS NOT NULL
), ids AS (
    SELECT vendor, host, code, error_type, category, count(*) AS n
    FROM chosen WHERE request_id IS NOT NULL GROUP BY vendor, host, code, error_type, category
)
SELECT c.vendor, c.host, c.code, c.error_type, max(c.status) FILTER (WHERE c.newest = 1) AS status, c.category,
    max(c.message) FILTER (WHERE c.newest = 1) AS message, max(c.route) FILTER (WHERE c.newest = 1) AS route,
    count(DISTINCT c.route) AS routes, count(*) AS failures, count(*) FILTER (WHERE c.in_outage) AS in_outage,
    coalesce(max(i.n), 0) AS request_ids,
    max(c.request_id) FILTER (WHERE c.newest_id = 1) AS request_id_1,
    max(c.request_id) FILTER (WHERE c.newest_id = 2) AS request_id_2,
    max(c.request_id) FILTER (WHERE c.newest_id = 3) AS request_id_3,
    max(c.request_id) FILTER (WHERE c.newest_id > 3 AND c.newest_id = i.n) AS request_id_oldest,
    min(c.ts) AS first, max(c.ts) AS last, max(v.support_fields) AS support_fields, max(v.support_url) AS support_url
FROM chosen c
LEFT JOIN ids i ON i.vendor = c.vendor AND i.host = c.host AND i.code = c.code AND i.error_type = c.error_type AND i.category = c.category
LEFT JOIN vendors v ON v.vendor = c.vendor
GROUP BY c.vendor, c.host, c.code, c.error_type, c.category
ORDER BY vendor, host, failures DESC, code, error_type, category;
