-- question: Which lines tell of an exchange that a line of another source tells of, too?
-- parameters: none
-- columns: state (fused: they are one row with another line; apart: it is not certain with which; status: fused, but the two state different statuses), key (by which), lines (count), path, source_offset (in bytes; of the first)
-- order: state, key
WITH told AS (
    SELECT 'fused' AS state, f.key AS key, f.source_id AS source_id, f.source_offset AS source_offset
    FROM fused f
    WHERE f.source_id <> f.into_source_id OR f.source_offset <> f.into_offset
    UNION ALL
    SELECT 'apart', a.key, a.source_id, a.source_offset FROM left_apart a
    UNION ALL
    SELECT 'status', r.fused_by, r.source_id, r.source_offset FROM requests r WHERE r.other_status IS NOT NULL
),
placed AS (
    SELECT t.state, t.key, s.path, t.source_offset,
        row_number() OVER (PARTITION BY t.state, t.key ORDER BY s.path, t.source_id, t.source_offset) AS place
    FROM told t LEFT JOIN sources s ON s.source_id = t.source_id
)
SELECT state, key, count(*) AS lines, max(CASE WHEN place = 1 THEN path END) AS path, max(CASE WHEN place = 1 THEN source_offset END) AS source_offset
FROM placed
GROUP BY state, key
ORDER BY state, key;
