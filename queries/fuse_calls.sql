-- question: (a step of fusion) Count the fresh lines of some sources by host and hour.
-- parameters: first_source, last_source, from_offset
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE fuse_new_calls AS
SELECT x.source_id, x.host, x.hour, sum(x.calls)::BIGINT AS calls
FROM (
    SELECT b.source_id, e.host, b.hour, sum(b.calls) AS calls
    FROM (
        SELECT b.source_id, b.endpoint_id, es_slice(b.ts, 3600::BIGINT) AS hour, count(*) AS calls
        FROM (SELECT source_id, source_offset, endpoint_id, ts FROM requests_brief UNION ALL SELECT source_id, source_offset, endpoint_id, ts FROM fused_brief) b
        JOIN temp.fuse_sources o ON o.source_id = b.source_id
        WHERE b.source_id >= $first_source AND b.source_id <= $last_source AND b.source_offset >= $from_offset AND b.source_offset >= o.from_offset AND b.ts IS NOT NULL
        GROUP BY ALL
    ) b
    JOIN endpoints e ON e.endpoint_id = b.endpoint_id
    GROUP BY ALL
    UNION ALL
    SELECT f.source_id, f.host, es_slice(f.ts, 3600::BIGINT), count(*)
    FROM (SELECT source_id, source_offset, host, ts FROM requests_full WHERE fused_by IS NULL UNION ALL SELECT source_id, source_offset, host, ts FROM fused_full) f
    JOIN temp.fuse_sources o ON o.source_id = f.source_id
    WHERE f.source_id >= $first_source AND f.source_id <= $last_source AND f.source_offset >= $from_offset AND f.source_offset >= o.from_offset AND f.ts IS NOT NULL
    GROUP BY ALL
) x
GROUP BY ALL;

UPDATE fuse_calls SET calls = fuse_calls.calls + n.calls
FROM temp.fuse_new_calls n
WHERE n.source_id = fuse_calls.source_id AND n.hour = fuse_calls.hour AND n.host IS NOT DISTINCT FROM fuse_calls.host;

INSERT INTO fuse_calls
SELECT n.source_id, n.host, n.hour, n.calls
FROM temp.fuse_new_calls n
WHERE NOT EXISTS (SELECT 1 FROM fuse_calls c WHERE c.source_id = n.source_id AND c.hour = n.hour AND c.host IS NOT DISTINCT FROM n.host);

DROP TABLE temp.fuse_new_calls;
