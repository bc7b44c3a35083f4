-- question: (a step of fusion) How many lines of each origin tell of calls of a host, by the hour?
-- parameters: none
-- columns: origin, host_hash, hour (since 1970), calls
-- order: origin, host_hash, hour
SELECT o.origin, hash(x.host) AS host_hash, x.hour, sum(x.calls) AS calls
FROM (
    SELECT b.source_id, e.host, b.hour, sum(b.calls) AS calls
    FROM (
        SELECT source_id, endpoint_id, es_slice(ts, 3600::BIGINT) AS hour, count(*) AS calls
        FROM (SELECT source_id, endpoint_id, ts FROM requests_brief UNION ALL SELECT source_id, endpoint_id, ts FROM fused_brief)
        WHERE ts IS NOT NULL
        GROUP BY ALL
    ) b
    JOIN endpoints e ON e.endpoint_id = b.endpoint_id
    GROUP BY ALL
    UNION ALL
    SELECT source_id, host, es_slice(ts, 3600::BIGINT), count(*)
    FROM (SELECT source_id, host, ts FROM requests_full WHERE fused_by IS NULL UNION ALL SELECT source_id, host, ts FROM fused_full)
    WHERE ts IS NOT NULL
    GROUP BY ALL
) x
JOIN temp.fuse_sources o ON o.source_id = x.source_id
GROUP BY ALL
ORDER BY o.origin, host_hash, x.hour;
