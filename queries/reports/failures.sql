-- question: What fails, grouped by vendor and code?
-- parameters: since, until, vendor, account, slots, limit
-- columns: vendor, host (where no pack knows the vendor), code, error_type, category, retry, status (of the newest; 0 is no response), rule, fault, confidence, outage, contact_support, message (of the newest), action, docs_url, failures, routes (counts), route (the one with most), request_ids (count), request_id (the newest), first, last, retry_at (UTC), trend (slot:failures pairs with a comma between; slots equal spans of the scope)
-- order: failures desc, vendor, host, category, retry, rule, code, error_type, status
WITH span AS (
    SELECT coalesce($since, min(first)) AS first_ts, coalesce($until, max(last)) AS last_ts
    FROM (
        -- An endpoint is looked up only where the scope asks for some of them.
        SELECT min(ts) AS first, max(ts) AS last
        FROM requests_brief
        WHERE $vendor IS NULL AND $account IS NULL AND es_in_span(ts, $since, $until)
        UNION ALL
        SELECT min(b.ts), max(b.ts)
        FROM requests_brief b JOIN endpoints e ON e.endpoint_id = b.endpoint_id
        WHERE ($vendor IS NOT NULL OR $account IS NOT NULL) AND es_in_span(b.ts, $since, $until)
          AND ($vendor IS NULL OR es_vendor(e.vendor) = $vendor) AND ($account IS NULL OR e.account = $account)
        UNION ALL
        SELECT min(ts), max(ts)
        FROM requests_full
        WHERE es_in_span(ts, $since, $until)
          AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    )
), failed AS (
    SELECT es_vendor(vendor) AS vendor, es_vendor_host(vendor, host) AS host, coalesce(code, '') AS code,
        CASE WHEN code IS NULL THEN coalesce(error_type, '') ELSE '' END AS key_type,
        CASE WHEN code IS NULL THEN coalesce(status, -1) ELSE -1 END AS key_status,
        category, coalesce(retry, '') AS retry, coalesce(rule, '') AS rule,
        ts, route, request_id, retry_at, outage, contact_support, es_place(ts, source_id, source_offset) AS place
    FROM failures
    WHERE es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), parts AS (
    -- One pass; what follows works on the few rows of it.
    SELECT vendor, host, code, key_type, key_status, category, retry, rule, route,
        es_slot(ts, (SELECT first_ts FROM span), (SELECT last_ts FROM span), $slots) AS slot,
        count(*) AS n, count(request_id) AS request_ids,
        max(place) AS newest, max(place) FILTER (WHERE request_id IS NOT NULL) AS newest_id,
        min(ts) AS first, max(ts) AS last, max(retry_at) AS retry_at,
        es_any(outage) AS outage, es_any(contact_support) AS contact_support
    FROM failed GROUP BY vendor, host, code, key_type, key_status, category, retry, rule, route, slot
), largest AS (
    SELECT vendor, host, code, key_type, key_status, category, retry, rule,
        row_number() OVER (ORDER BY sum(n) DESC, vendor, host, category, retry, rule, code, key_type, key_status) AS place_of_group,
        sum(n)::BIGINT AS failures, sum(request_ids)::BIGINT AS request_ids, max(newest) AS newest, max(newest_id) AS newest_id,
        min(first) AS first, max(last) AS last, max(retry_at) AS retry_at,
        es_any(outage) AS outage, es_any(contact_support) AS contact_support
    FROM parts
    GROUP BY vendor, host, code, key_type, key_status, category, retry, rule
    QUALIFY place_of_group <= $limit
), members AS (
    SELECT l.place_of_group, p.route, p.slot, p.n
    FROM parts p JOIN largest l USING (vendor, host, code, key_type, key_status, category, retry, rule)
), routes AS (
    SELECT place_of_group, count(route) AS routes, min(route) FILTER (WHERE place_of_route = 1) AS route
    FROM (
        SELECT place_of_group, route,
            row_number() OVER (PARTITION BY place_of_group ORDER BY (route IS NULL), sum(n) DESC, route) AS place_of_route
        FROM members GROUP BY place_of_group, route
    ) GROUP BY place_of_group
), trends AS (
    SELECT place_of_group, string_agg(slot || ':' || n, ',') AS trend
    FROM (SELECT place_of_group, slot, sum(n) AS n FROM members WHERE slot IS NOT NULL GROUP BY place_of_group, slot)
    GROUP BY place_of_group
), wanted AS (
    SELECT newest AS place FROM largest UNION SELECT newest_id FROM largest WHERE newest_id IS NOT NULL
), named AS (
    -- The offsets alone let nearly nothing through, and are cheap to compare.
    SELECT es_place(ts, source_id, source_offset) AS place, error_type, status, message, fault, confidence, request_id
    FROM failures
    WHERE source_offset IN (SELECT es_place_offset(place) FROM wanted)
)
SELECT l.vendor, l.host, l.code, w.error_type, l.category, l.retry, w.status, l.rule, w.fault, w.confidence, l.outage, l.contact_support,
    w.message, u.action, u.docs_url, l.failures, r.routes, r.route, l.request_ids, i.request_id, l.first, l.last, l.retry_at, t.trend
FROM largest l
LEFT JOIN named w ON w.place = l.newest
LEFT JOIN named i ON i.place = l.newest_id
LEFT JOIN routes r USING (place_of_group)
LEFT JOIN trends t USING (place_of_group)
LEFT JOIN rules u ON u.rule = l.rule
ORDER BY l.place_of_group;
