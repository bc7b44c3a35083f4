-- question: Where does the ledger not agree with what is stored, or with itself?
-- parameters: none
-- columns: place: the source; want, have: what the ledger says, what is there
-- order: place, want, have
WITH stored AS (
    SELECT source_id, count(*) AS n, min(ts) AS first_ts, max(ts) AS last_ts, min(source_offset) AS first_offset, max(source_offset) AS last_offset
    FROM (
        SELECT source_id, ts, source_offset FROM requests_brief
        UNION ALL
        SELECT source_id, ts, source_offset FROM requests_full
    )
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
ORDER BY place, want, have;
