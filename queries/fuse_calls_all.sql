-- question: (a step of fusion) Count all lines by source, host and hour.
-- parameters: none
-- columns: none
-- order: none
INSERT INTO fuse_calls
SELECT x.source_id, x.host, x.hour, sum(x.calls)::BIGINT
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
GROUP BY ALL;
