-- question: (a step of fusion) What do those lines say by which they may be joined?
-- parameters: since, until
-- columns: source_id, source_offset, origin, format; body: header fields or a body were seen; direction (a number), status, timed, ts_us and duration_us in microseconds, bytes, request_key; hashes of ids, method, host and route; round (0: fresh)
-- order: origin, source_id, source_offset
SELECT x.source_id, x.source_offset, o.origin, o.format, x.body,
    CASE x.direction WHEN 'outbound' THEN 1 WHEN 'inbound' THEN 2 WHEN 'callback' THEN 3 ELSE 0 END AS direction, x.status,
    x.ts IS NOT NULL AS timed, epoch_us(x.ts) AS ts_us, (x.duration_ms * 1000)::BIGINT AS duration_us, x.bytes, x.request_key,
    x.request_hash, x.client_request_hash, CASE WHEN x.trace_id IS NOT NULL THEN hash(x.trace_id) END AS trace_hash, x.span_hash,
    CASE WHEN x.method IS NOT NULL THEN hash(x.method) END AS method_hash, hash(x.host) AS host_hash, hash(x.route) AS route_hash, x.round
FROM (
    SELECT b.source_id, b.source_offset, coalesce(e.answered, false) AS body, e.direction, b.status, b.ts, b.duration_ms, b.bytes, b.request_key, b.request_hash,
        b.client_request_hash, b.trace_id, b.span_hash, e.method, e.host, e.route, p.round
    FROM (FROM requests_brief UNION ALL SELECT * EXCLUDE (into_source_id, into_offset, fused_key) FROM fused_brief) b
    JOIN temp.fuse_places p ON p.source_id = b.source_id AND p.source_offset = b.source_offset
    JOIN endpoints e ON e.endpoint_id = b.endpoint_id
    WHERE b.ts IS NULL OR b.ts >= $since AND b.ts <= $until
    UNION ALL
    SELECT f.source_id, f.source_offset, f.headers IS NOT NULL OR f.body IS NOT NULL OR f.body_status IS NOT NULL OR f.quota_basis IN ('header', 'body'), f.direction, f.status, f.ts, f.duration_ms, f.bytes, f.request_key,
        f.request_hash, f.client_request_hash, coalesce(try_cast(f.trace_id AS UUID), md5(f.trace_id)::UUID), f.span_hash, f.method, f.host, f.route, p.round
    FROM (FROM requests_full WHERE fused_by IS NULL UNION ALL BY NAME SELECT * EXCLUDE (into_source_id, into_offset, fused_key) FROM fused_full) f
    JOIN temp.fuse_places p ON p.source_id = f.source_id AND p.source_offset = f.source_offset
    WHERE f.ts IS NULL OR f.ts >= $since AND f.ts <= $until
) x
JOIN temp.fuse_sources o ON o.source_id = x.source_id
ORDER BY o.origin, x.source_id, x.source_offset;
