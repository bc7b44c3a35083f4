-- question: (a step of fusion) How much do two logs of different kinds tell of calls of one host, and what was counted of them?
-- parameters: none
-- columns: a, b (origins), host_hash, calls_a, calls_b (of each in the hours of both), joined, near, chosen, believed
-- order: a, b, host_hash
WITH calls AS (
    SELECT o.origin, c.host, c.hour, sum(c.calls) AS calls
    FROM fuse_calls c JOIN temp.fuse_sources o ON o.source_id = c.source_id
    GROUP BY ALL
),
kinds AS (
    SELECT DISTINCT a.origin AS a, b.origin AS b
    FROM (SELECT DISTINCT origin, format FROM temp.fuse_sources) a
    JOIN (SELECT DISTINCT origin, format FROM temp.fuse_sources) b ON b.origin > a.origin AND b.format <> a.format
),
met AS (
    SELECT k.a, k.b, hash(x.host) AS host_hash, sum(x.calls) AS calls_a, sum(y.calls) AS calls_b
    FROM kinds k
    JOIN calls x ON x.origin = k.a
    JOIN calls y ON y.origin = k.b AND y.hour = x.hour AND y.host IS NOT DISTINCT FROM x.host
    GROUP BY ALL
),
known AS (
    SELECT least(a.origin, b.origin) AS a, greatest(a.origin, b.origin) AS b, hash(p.host) AS host_hash, p.joined, p.near, p.chosen, p.believed
    FROM fuse_pairs p
    JOIN temp.fuse_sources a ON a.source_id = p.a_source_id
    JOIN temp.fuse_sources b ON b.source_id = p.b_source_id
)
SELECT coalesce(x.a, p.a) AS a, coalesce(x.b, p.b) AS b, coalesce(x.host_hash, p.host_hash) AS host_hash, coalesce(x.calls_a, 0)::BIGINT AS calls_a,
    coalesce(x.calls_b, 0)::BIGINT AS calls_b, coalesce(p.joined, 0) AS joined, coalesce(p.near, 0) AS near, coalesce(p.chosen, 0) AS chosen,
    coalesce(p.believed, false) AS believed
FROM met x FULL JOIN known p ON p.a = x.a AND p.b = x.b AND p.host_hash = x.host_hash
ORDER BY a, b, host_hash;
