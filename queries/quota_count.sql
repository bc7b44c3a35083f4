-- question: (a step of the quota ledger) Count the calls of the hours that have new ones.
-- parameters: since, until
-- columns: none
-- order: none

-- Rows with more to say: what they cost, and what they state. What is full until
-- somebody makes room (storage, connected vehicles) is no allowance of a period,
-- and its numbers are not those of one.
CREATE OR REPLACE TEMP TABLE quota_rows AS
SELECT f.ts, d.hour, f.source_id, f.source_offset, p.vendor, p.host, coalesce(f.account, p.account) AS account,
    CASE WHEN f.said IS NOT NULL OR f.category = 'quota' AND NOT f.capacity THEN coalesce(f.quota_name, p.name) ELSE p.name END AS name,
    CASE WHEN contains(p.counts, ',' || coalesce(f.category, 'success') || ',') THEN coalesce(f.quota_cost, 1) ELSE 0 END AS cost,
    coalesce(f.category = 'quota' AND f.retry IN ('next_period', 'after_reset'), false) AS refused,
    f.said AS basis,
    CASE WHEN f.said IS NOT NULL THEN coalesce(f.quota_used, f.quota_limit - f.quota_remaining) END AS used,
    CASE WHEN f.said IS NOT NULL THEN f.quota_limit END AS quota_limit,
    CASE WHEN f.said IS NOT NULL THEN f.quota_remaining END AS remaining,
    CASE WHEN f.said IS NOT NULL THEN f.quota_period END AS period,
    CASE WHEN f.said IS NOT NULL THEN f.quota_reset_at END AS reset_at
FROM (
    SELECT *, CASE WHEN quota_basis = 'header' OR quota_basis = 'body' AND NOT capacity THEN quota_basis END AS said
    FROM (
        SELECT ts, source_id, source_offset, vendor, host, route, direction, account, category, retry, quota_name, quota_limit, quota_used,
            quota_remaining, quota_reset_at, quota_basis, quota_period, quota_cost,
            coalesce(category = 'quota' AND retry = 'fix_account', false) AS capacity
        FROM requests_full
    )
) f
JOIN temp.quota_dirty d ON d.hour = date_trunc('hour', f.ts)
JOIN temp.quota_places p ON p.raw_vendor = coalesce(f.vendor, '') AND p.raw_host = coalesce(f.host, '') AND p.route = coalesce(f.route, '')
WHERE f.direction = 'outbound' AND f.ts >= $since AND f.ts < $until;

CREATE OR REPLACE TEMP TABLE quota_endpoints AS
SELECT e.endpoint_id, p.vendor, p.host, coalesce(e.account, p.account) AS account, p.name
FROM endpoints e
JOIN temp.quota_places p ON p.raw_vendor = coalesce(e.vendor, '') AND p.raw_host = coalesce(e.host, '') AND p.route = coalesce(e.route, '')
WHERE e.direction = 'outbound' AND contains(p.counts, ',success,');

-- A number for each allowance, since millions of calls are grouped by it.
CREATE OR REPLACE TEMP TABLE quota_keys AS
SELECT row_number() OVER (ORDER BY vendor, host, account, name)::INTEGER AS key_id, vendor, host, account, name
FROM (SELECT vendor, host, account, name FROM temp.quota_endpoints UNION SELECT vendor, host, account, name FROM temp.quota_rows);

DELETE FROM quota_hours WHERE hour IN (SELECT hour FROM temp.quota_dirty);

-- Of statements of one time the largest use is the last. Calls of that time count
-- as made before it, but for those behind it in its own source.
INSERT INTO quota_hours
WITH plain AS (
    SELECT k.key_id, d.hour, b.ts, b.source_id, b.source_offset
    FROM requests_brief b
    JOIN temp.quota_endpoints e ON e.endpoint_id = b.endpoint_id
    JOIN temp.quota_keys k ON k.vendor = e.vendor AND k.host = e.host AND k.account = e.account AND k.name = e.name
    JOIN temp.quota_dirty d ON d.hour = date_trunc('hour', b.ts)
    WHERE b.ts >= $since AND b.ts < $until
), telling AS (
    SELECT k.key_id, r.*
    FROM temp.quota_rows r
    JOIN temp.quota_keys k ON k.vendor = r.vendor AND k.host = r.host AND k.account = r.account AND k.name = r.name
), marks AS (
    SELECT key_id, hour,
        min(ts) FILTER (WHERE used IS NOT NULL OR remaining IS NOT NULL) AS first_stated,
        max(ts) FILTER (WHERE used IS NOT NULL OR remaining IS NOT NULL) AS last_stated,
        max(ts) FILTER (WHERE quota_limit IS NOT NULL) AS limit_stated,
        min(basis) AS stated_basis, max(period) AS period, min(reset_at) AS reset_from, max(reset_at) AS reset_to,
        count(*) FILTER (WHERE refused) AS refusals, min(ts) FILTER (WHERE refused) AS first_refusal
    FROM telling
    WHERE basis IS NOT NULL OR refused
    GROUP BY key_id, hour
), ends AS (
    SELECT m.key_id, m.hour, max(t.used) FILTER (WHERE t.ts = m.first_stated) AS first_used,
        max(t.used) FILTER (WHERE t.ts = m.last_stated) AS last_used,
        min(t.remaining) FILTER (WHERE t.ts = m.last_stated) AS last_remaining,
        max(t.quota_limit) FILTER (WHERE t.ts = m.limit_stated) AS stated_limit
    FROM marks m JOIN telling t ON t.key_id = m.key_id AND t.hour = m.hour
    WHERE t.basis IS NOT NULL
    GROUP BY m.key_id, m.hour
), behind AS (
    SELECT t.key_id, t.hour, t.source_id, max(t.source_offset) AS source_offset
    FROM telling t
    JOIN marks m ON m.key_id = t.key_id AND m.hour = t.hour AND m.last_stated = t.ts
    JOIN ends e ON e.key_id = t.key_id AND e.hour = t.hour AND e.last_used IS NOT DISTINCT FROM t.used
    WHERE t.basis IS NOT NULL
    GROUP BY t.key_id, t.hour, t.source_id
), calls AS (
    SELECT key_id, hour, ts, source_id, source_offset, 1::BIGINT AS cost FROM plain
    UNION ALL
    SELECT key_id, hour, ts, source_id, source_offset, cost FROM telling
), counted AS (
    SELECT c.key_id, c.hour, sum(c.cost)::BIGINT AS counted,
        min(c.ts) FILTER (WHERE c.cost > 0) AS first_call, max(c.ts) FILTER (WHERE c.cost > 0) AS last_call,
        max(c.ts) FILTER (WHERE c.cost > 0 AND c.ts <= m.first_refusal) AS call_before,
        coalesce(sum(c.cost) FILTER (WHERE c.ts <= m.first_stated), 0)::BIGINT AS counted_first,
        coalesce(sum(c.cost) FILTER (WHERE c.ts > m.last_stated OR c.ts = m.last_stated AND c.source_offset > b.source_offset), 0)::BIGINT AS counted_after
    FROM calls c
    LEFT JOIN marks m ON m.key_id = c.key_id AND m.hour = c.hour
    LEFT JOIN behind b ON b.key_id = c.key_id AND b.hour = c.hour AND b.source_id = c.source_id
    GROUP BY c.key_id, c.hour
)
SELECT k.vendor, k.host, k.account, k.name, c.hour, c.counted, c.first_call, c.last_call, coalesce(m.refusals, 0) AS refusals, m.first_refusal,
    c.call_before, m.first_stated, e.first_used, CASE WHEN m.first_stated = m.last_stated THEN c.counted - c.counted_after ELSE c.counted_first END AS counted_first,
    m.last_stated, e.last_used, c.counted_after, e.last_remaining, m.limit_stated, e.stated_limit, m.stated_basis, m.period, m.reset_from, m.reset_to
FROM counted c
JOIN temp.quota_keys k ON k.key_id = c.key_id
LEFT JOIN marks m ON m.key_id = c.key_id AND m.hour = c.hour
LEFT JOIN ends e ON e.key_id = c.key_id AND e.hour = c.hour
WHERE c.counted > 0 OR m.key_id IS NOT NULL;
