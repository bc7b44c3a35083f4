-- question: Which marks and results of the analysis belong to nothing?
-- parameters: steps
-- columns: place: the mark, window or hour; want, have
-- order: place, want, have
-- Where a step has still to look at something its results may be behind the rows,
-- which is no difference; so they are held against the rows only where it has not.
WITH marks AS (
    SELECT 'analysed ' || coalesce(step, 'NULL') || ' of source ' || coalesce(source_id::VARCHAR, 'NULL') AS place, step, source_id, bytes
    FROM analysed
),
behind AS (
    SELECT step FROM (SELECT DISTINCT unnest(string_split($steps, ',')) AS step) k
    WHERE EXISTS (SELECT 1 FROM sources s WHERE NOT EXISTS (SELECT 1 FROM analysed a WHERE a.step = k.step AND a.source_id = s.source_id AND a.bytes = s.bytes))
        OR EXISTS (SELECT 1 FROM analysed a WHERE a.step = k.step AND NOT EXISTS (SELECT 1 FROM sources s WHERE s.source_id = a.source_id))
),
traffic AS (
    SELECT 'traffic_minutes' AS place, source_id, count(*) AS n FROM traffic_minutes GROUP BY source_id
    UNION ALL
    SELECT 'traffic_blocks', source_id, count(*) FROM traffic_blocks GROUP BY source_id
)
SELECT place, 'a source of this number' AS want, 'none, and bytes up to ' || bytes || ' were seen of it' AS have
FROM marks m
WHERE coalesce(bytes, 0) >= 0 AND NOT EXISTS (SELECT 1 FROM sources s WHERE s.source_id = m.source_id)
UNION ALL
SELECT place, 'bytes seen between -1 and ' || s.bytes || ', which it has', coalesce(m.bytes::VARCHAR, 'NULL')
FROM marks m JOIN sources s ON s.source_id = m.source_id
WHERE m.bytes IS NULL OR m.bytes < -1 OR m.bytes > s.bytes
UNION ALL
SELECT place, 'a step of ' || replace($steps, ',', ', '), 'step ' || coalesce(step, 'NULL')
FROM marks
WHERE step IS NULL OR NOT list_contains(string_split($steps, ','), step)
UNION ALL
SELECT place, 'one mark', count(*) || ' marks'
FROM marks
GROUP BY place, step, source_id
HAVING count(*) > 1
UNION ALL
SELECT place, 'a source for every row', n || ' rows of source ' || coalesce(source_id::VARCHAR, 'NULL') || ', which is not in the ledger'
FROM traffic t
WHERE NOT EXISTS (SELECT 1 FROM sources s WHERE s.source_id = t.source_id)
    AND NOT EXISTS (SELECT 1 FROM analysed a WHERE a.step = 'outages' AND a.source_id = t.source_id AND a.bytes < 0)
UNION ALL
SELECT 'outage_windows ' || w.window_id, 'failures of ' || CASE WHEN coalesce(w.host, '') = '' THEN w.vendor ELSE w.host END || ' in its time', 'no source has any'
FROM outage_windows w
WHERE 'outages' NOT IN (SELECT step FROM behind)
    AND NOT EXISTS (SELECT 1 FROM traffic_minutes t JOIN traffic_scopes c ON c.scope_id = t.scope_id
        WHERE t.failed > 0 AND c.vendor = w.vendor AND c.host = coalesce(w.host, '')
            AND t.minute >= epoch_us(w.started_at) // 60000000 AND (w.ended_at IS NULL OR t.minute <= epoch_us(w.ended_at) // 60000000))
UNION ALL
SELECT 'local_outages ' || l.window_id, 'failures in its time', 'no source has any'
FROM local_outages l
WHERE 'outages' NOT IN (SELECT step FROM behind)
    AND NOT EXISTS (SELECT 1 FROM traffic_minutes t WHERE t.failed > 0 
        AND t.minute >= epoch_us(l.started_at) // 60000000 AND (l.ended_at IS NULL OR t.minute <= epoch_us(l.ended_at) // 60000000))
UNION ALL
SELECT 'quota_hours of ' || coalesce(q.vendor, ''), 'a source that has calls from every hour', count(*) || ' hours from ' || min(q.hour) || ' on that lie in the time of none'
FROM quota_hours q
WHERE 'quota' NOT IN (SELECT step FROM behind)
    AND NOT EXISTS (SELECT 1 FROM sources s WHERE s.first_ts < q.hour + INTERVAL 1 HOUR AND s.last_ts >= q.hour)
GROUP BY q.vendor
UNION ALL
SELECT 'fuse_calls of source ' || coalesce(l.source_id, c.source_id), coalesce(l.n, 0) || ' lines with a time', coalesce(c.n, 0) || ' counted'
FROM (SELECT source_id, count(ts) AS n FROM sides GROUP BY source_id) l
FULL JOIN (SELECT source_id, sum(calls)::BIGINT AS n FROM fuse_calls GROUP BY source_id) c ON c.source_id = l.source_id
WHERE 'fuse' NOT IN (SELECT step FROM behind) AND EXISTS (SELECT 1 FROM fuse_seen) AND coalesce(l.n, 0) <> coalesce(c.n, 0)
ORDER BY place, want, have;
