-- question: Which failures did this evidence select?
-- parameters: since, until, vendor, codes, categories, request_ids, picking, windows, groups, exchanges, support_only
-- columns: the row of failures, whole; window_id (the outage that it lies in, NULL where none), for_support (the vendor's support should see it)
-- order: none
-- codes, categories, request_ids and windows are JSON lists; groups and exchanges
-- are JSON lists of objects. Where picking is true a row must be in a window, a
-- group or an exchange that is named.
WITH picked AS (
    SELECT f.source_id, f.source_offset, f.ts
    FROM failures f
    JOIN (SELECT unnest(from_json($groups::JSON, '[{"vendor":"VARCHAR","host":"VARCHAR","code":"VARCHAR","type":"VARCHAR","category":"VARCHAR","retry":"VARCHAR","status":"BIGINT","rule":"VARCHAR","since":"TIMESTAMP","until":"TIMESTAMP"}]')) AS g) w
        ON es_vendor(f.vendor) = w.g.vendor AND es_vendor_host(f.vendor, f.host) = w.g.host AND coalesce(f.code, '') = w.g.code
        AND f.category = w.g.category AND coalesce(f.retry, '') = w.g.retry AND coalesce(f.rule, '') = w.g.rule
    WHERE es_in_span(f.ts, w.g.since, w.g.until)
      AND (f.code IS NOT NULL OR coalesce(f.error_type, '') = w.g.type AND coalesce(f.status, -1) = w.g.status)
    UNION
    SELECT f.source_id, f.source_offset, f.ts
    FROM failures f
    JOIN (SELECT unnest(from_json($exchanges::JSON, '[{"source_id":"BIGINT","source_offset":"BIGINT"}]')) AS x) w
        ON f.source_id = w.x.source_id AND f.source_offset = w.x.source_offset
    UNION
    SELECT source_id, source_offset, ts
    FROM outage_failures
    WHERE window_id IN (SELECT unnest(from_json($windows::JSON, '["BIGINT"]')))
), inside AS (
    SELECT source_id, source_offset, ts, min(window_id) AS window_id
    FROM outage_failures
    GROUP BY source_id, source_offset, ts
), chosen AS (
    SELECT f.*, i.window_id, coalesce(f.contact_support, FALSE) OR i.window_id IS NOT NULL AS for_support
    FROM failures f
    LEFT JOIN inside i ON i.source_id = f.source_id AND i.source_offset = f.source_offset AND i.ts = f.ts
    LEFT JOIN picked p ON p.source_id = f.source_id AND p.source_offset = f.source_offset AND p.ts IS NOT DISTINCT FROM f.ts
    WHERE es_in_span(f.ts, $since, $until) AND (NOT $picking OR p.source_id IS NOT NULL)
)
SELECT *
FROM chosen
WHERE ($vendor IS NULL OR es_vendor(vendor) = $vendor OR es_vendor_host(vendor, host) = $vendor)
  AND ($codes IS NULL OR code IN (SELECT unnest(from_json($codes::JSON, '["VARCHAR"]')))
      OR error_type IN (SELECT unnest(from_json($codes::JSON, '["VARCHAR"]'))))
  AND ($categories IS NULL OR category IN (SELECT unnest(from_json($categories::JSON, '["VARCHAR"]'))))
  AND ($request_ids IS NULL OR request_id IN (SELECT unnest(from_json($request_ids::JSON, '["VARCHAR"]')))
      OR client_request_id IN (SELECT unnest(from_json($request_ids::JSON, '["VARCHAR"]'))))
  AND (NOT $support_only OR for_support)
