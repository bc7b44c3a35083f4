-- question: Where does the ledger not agree with what is stored, or with itself?
-- parameters: none
-- columns: place: the source; want, have: what the ledger says, what is there
-- order: place, want, have
WITH stored AS (
    SELECT source_id, count(*) AS n, min(ts) AS first_ts, max(ts) AS last_ts, min(source_offset) AS first_offset, max(source_offset) AS last_offset
    FROM sides
    GROUP BY source_id
),
refused AS (SELECT source_id, count(*) AS n FROM rejects GROUP BY source_id),
ledger AS (
    SELECT s.*, 'source ' || s.source_id || ' (' || coalesce(s.path, '') || ')' AS place, coalesce(r.n, 0) AS n, coalesce(x.n, 0) AS rejects,
        r.first_ts AS rows_first, r.last_ts AS rows_last, r.first_offset, r.last_offset
    FROM sources s
    LEFT JOIN stored r ON r.source_id = s.source_id
    LEFT JOIN refused x ON x.source_id = s.source_id
)
SELECT place, (records - pruned) || ' rows: ' || records || ' records, ' || pruned || ' of them pruned' AS want, n || ' rows' AS have
FROM ledger
WHERE records - pruned IS DISTINCT FROM n
UNION ALL
SELECT place, lines || ' lines', (records + rejected + ignored + duplicates) || ': ' || records || ' records, ' || rejected || ' rejected, '
    || ignored || ' ignored, ' || duplicates || ' duplicates'
FROM ledger
WHERE lines IS DISTINCT FROM records + rejected + ignored + duplicates
UNION ALL
SELECT place, 'at most ' || rejected || ' rejects', rejects || ' rejects'
FROM ledger
WHERE rejects > rejected
UNION ALL
SELECT place, 'rows between bytes 0 and ' || bytes, 'rows from byte ' || first_offset || ' to ' || last_offset
FROM ledger
WHERE first_offset < 0 OR last_offset >= bytes
UNION ALL
SELECT place, 'rows from ' || coalesce(first_ts::VARCHAR, 'no time') || ' to ' || coalesce(last_ts::VARCHAR, 'no time'), 'rows from ' || rows_first || ' to ' || rows_last
FROM ledger
WHERE rows_first < first_ts OR rows_last > last_ts OR rows_first IS NOT NULL AND (first_ts IS NULL OR last_ts IS NULL)
UNION ALL
SELECT place, 'two hashes of 64 digits and no negative count', 'hashes of ' || coalesce(length(sha256), 0) || ' and ' || coalesce(length(head), 0) || ' digits, counts down to '
    || least(bytes, lines, records, rejected, ignored, duplicates, pruned)
FROM ledger
WHERE sha256 IS NULL OR head IS NULL OR NOT regexp_full_match(sha256, '[0-9a-f]{64}') OR NOT regexp_full_match(head, '[0-9a-f]{64}')
    OR least(bytes, lines, records, rejected, ignored, duplicates, pruned) < 0
UNION ALL
SELECT 'source ' || source_id, 'one ledger row', count(*) || ' ledger rows'
FROM sources
GROUP BY source_id
HAVING count(*) > 1 OR source_id IS NULL
UNION ALL
-- A fused row stands at the place of one of its lines, and has two at least.
SELECT 'source ' || f.source_id || ', byte ' || f.source_offset, 'two lines of a fused row, one of them at its place',
    count(l.source_id) || ' lines, ' || count(*) FILTER (l.source_id = f.source_id AND l.source_offset = f.source_offset) || ' at its place'
FROM (SELECT source_id, source_offset FROM requests_full WHERE fused_by IS NOT NULL) f
LEFT JOIN fused l ON l.into_source_id = f.source_id AND l.into_offset = f.source_offset
GROUP BY f.source_id, f.source_offset
HAVING count(l.source_id) < 2 OR count(*) FILTER (l.source_id = f.source_id AND l.source_offset = f.source_offset) <> 1
UNION ALL
SELECT 'source ' || l.into_source_id || ', byte ' || l.into_offset, 'one fused row of ' || count(*) || ' lines', 'none'
FROM fused l
WHERE NOT EXISTS (SELECT 1 FROM requests_full f WHERE f.fused_by IS NOT NULL AND f.source_id = l.into_source_id AND f.source_offset = l.into_offset)
GROUP BY l.into_source_id, l.into_offset
ORDER BY place, want, have;
