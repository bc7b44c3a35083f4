-- question: (a step of the quota ledger) Count the calls of the hours that have new ones.
-- parameters: since, until
-- columns: none
-- order: none

-- Rows that state something of an allowance, or that were refused for it. What is
-- full until somebody makes room (storage, connected vehicles) is no allowance of a
-- period: what states it, or was refused for it, speaks of the capacity of that name,
-- costs nothing of it, and a refusal says that nothing is left. Rows that were
-- labelled when capacities had no basis of their own say nothing.
CREATE OR REPLACE TEMP TABLE quota_telling AS
SELECT f.ts, d.hour, f.source_id, f.source_offset, p.vendor, p.host, coalesce(f.account, p.account) AS account, coalesce(f.quota_name, p.name) AS name,
    CASE WHEN contains(p.counts, ',' || coalesce(f.category, 'success') || ',') THEN coalesce(f.quota_cost, 1) ELSE 0 END AS cost,
    coalesce(f.category = 'quota' AND f.retry IN ('next_period', 'after_reset'), false) AS refused,
    CASE WHEN f.quota_basis IN ('body', 'header') THEN f.quota_basis END AS basis,
    CASE WHEN f.quota_basis IN ('body', 'header') THEN coalesce(f.quota_used, f.quota_limit - f.quota_remaining) END AS used,
    CASE WHEN f.quota_basis IN ('body', 'header') THEN f.quota_limit END AS quota_limit,
    CASE WHEN f.quota_basis IN ('body', 'header') THEN f.quota_remaining END AS remaining,
    CASE WHEN f.quota_basis IN ('body', 'header') THEN f.quota_period END AS period,
    CASE WHEN f.quota_basis IN ('body', 'header') THEN f.quota_reset_at END AS reset_at
FROM requests_full f
JOIN temp.quota_dirty d ON d.hour = date_trunc('hour', f.ts)
JOIN temp.quota_places p ON p.raw_vendor = coalesce(f.vendor, '') AND p.raw_host = coalesce(f.host, '') AND p.route = coalesce(f.route, '')
WHERE f.direction = 'outbound' AND f.ts >= $since AND f.ts < $until
    AND NOT starts_with(coalesce(f.quota_basis, ''), 'capacity_')
    AND (f.quota_basis = 'header' OR f.quota_basis = 'body' AND NOT coalesce(f.category = 'quota' AND f.retry = 'fix_account', false) OR f.category = 'quota' AND f.retry IN ('next_period', 'after_reset'))
UNION ALL
SELECT f.ts, d.hour, f.source_id, f.source_offset, p.vendor, p.host, coalesce(f.account, p.account), coalesce(f.quota_name, ''), 0,
    coalesce(f.category = 'quota', false) AS refused, f.quota_basis, coalesce(f.quota_used, f.quota_limit - f.quota_remaining), f.quota_limit,
    coalesce(f.quota_remaining, f.quota_limit - f.quota_used, CASE WHEN f.category = 'quota' THEN 0 END), NULL, NULL
FROM requests_full f
JOIN temp.quota_dirty d ON d.hour = date_trunc('hour', f.ts)
JOIN temp.quota_places p ON p.raw_vendor = coalesce(f.vendor, '') AND p.raw_host = coalesce(f.host, '') AND p.route = coalesce(f.route, '')
WHERE f.direction = 'outbound' AND f.ts >= $since AND f.ts < $until AND starts_with(f.quota_basis, 'capacity_');

-- All other calls by hour, since millions of them are counted: numbers first, names
-- when only few groups are left. A place may count for several allowances.
CREATE OR REPLACE TEMP TABLE quota_plain AS
WITH brief AS (
    SELECT endpoint_id, epoch_us(ts) // 3600000000 AS hour_number, count(*) AS calls, min(ts) AS first_call, max(ts) AS last_call
    FROM requests_brief
    WHERE ts >= $since AND ts < $until
    GROUP BY endpoint_id, hour_number
), labelled AS (
    SELECT vendor, host, route, account, category, CASE WHEN category = 'quota' AND retry <> 'fix_account' THEN quota_name END AS quota_name, quota_cost,
        epoch_us(ts) // 3600000000 AS hour_number, count(*) AS calls, min(ts) AS first_call, max(ts) AS last_call
    FROM requests_full
    WHERE direction = 'outbound' AND ts >= $since AND ts < $until
        AND NOT coalesce(quota_basis = 'header' OR quota_basis = 'body' AND NOT coalesce(category = 'quota' AND retry = 'fix_account', false) OR category = 'quota' AND retry IN ('next_period', 'after_reset'), false)
    GROUP BY ALL
), calls AS (
    SELECT e.vendor, e.host, e.route, e.account, NULL AS category, NULL AS quota_name, 1 AS cost, b.endpoint_id, b.hour_number, b.calls,
        b.first_call, b.last_call
    FROM brief b JOIN endpoints e ON e.endpoint_id = b.endpoint_id
    WHERE e.direction = 'outbound'
    UNION ALL
    SELECT vendor, host, route, account, category, quota_name, coalesce(quota_cost, 1), NULL, hour_number, calls, first_call, last_call
    FROM labelled
)
SELECT p.vendor, p.host, coalesce(c.account, p.account) AS account, coalesce(c.quota_name, p.name) AS name, d.hour, c.endpoint_id,
    sum(c.calls * c.cost)::BIGINT AS counted, min(c.first_call) FILTER (WHERE c.cost > 0) AS first_call, max(c.last_call) FILTER (WHERE c.cost > 0) AS last_call
FROM calls c
JOIN temp.quota_dirty d ON epoch_us(d.hour) // 3600000000 = c.hour_number
JOIN temp.quota_places p ON p.raw_vendor = coalesce(c.vendor, '') AND p.raw_host = coalesce(c.host, '') AND p.route = coalesce(c.route, '')
WHERE contains(p.counts, ',' || coalesce(c.category, 'success') || ',')
GROUP BY ALL;

-- A number for each allowance.
CREATE OR REPLACE TEMP TABLE quota_keys AS
SELECT row_number() OVER (ORDER BY vendor, host, account, name)::INTEGER AS key_id, vendor, host, account, name
FROM (SELECT vendor, host, account, name FROM temp.quota_plain UNION SELECT vendor, host, account, name FROM temp.quota_telling);

-- Where a period begins within an hour, that hour is counted in two parts. That is
-- known of the vendor's zone (temp.quota_resets), told by a reset that lies ahead in
-- the hour, or by a period that the vendor names while our clock says another: what
-- is named late, within a day, lies before the cut, what is named early behind it.
CREATE OR REPLACE TEMP TABLE quota_cuts AS
WITH named AS (
    SELECT k.key_id, t.hour, t.ts, t.reset_at, try_cast(CASE length(t.period) WHEN 7 THEN t.period || '-01' WHEN 10 THEN t.period END AS TIMESTAMP) AS period_from,
        CASE length(t.period) WHEN 7 THEN INTERVAL 1 MONTH ELSE INTERVAL 1 DAY END AS lasts
    FROM temp.quota_telling t
    JOIN temp.quota_keys k ON k.vendor = t.vendor AND k.host = t.host AND k.account = t.account AND k.name = t.name
    WHERE t.period IS NOT NULL OR t.reset_at > t.ts AND t.reset_at < t.hour + INTERVAL 1 HOUR
), found AS (
    SELECT key_id, hour, min(ts) FILTER (WHERE ts < period_from AND ts >= period_from - INTERVAL 1 DAY) AS early,
        max(ts) FILTER (WHERE ts >= period_from + lasts AND ts < period_from + lasts + INTERVAL 1 DAY) + INTERVAL 1 MICROSECOND AS late,
        min(reset_at) FILTER (WHERE reset_at > ts AND reset_at < hour + INTERVAL 1 HOUR) AS reset
    FROM named
    GROUP BY key_id, hour
    UNION ALL
    SELECT k.key_id, d.hour, NULL, NULL, r.begins
    FROM temp.quota_resets r
    JOIN temp.quota_dirty d ON d.hour = date_trunc('hour', r.begins)
    JOIN temp.quota_keys k ON k.vendor = r.vendor AND k.host = r.host AND k.name = r.name
)
SELECT key_id, hour, coalesce(min(early), max(late), min(reset)) AS cut
FROM found
GROUP BY key_id, hour
HAVING cut > hour AND cut < hour + INTERVAL 1 HOUR;

-- What was stated in an hour, or part of one, and when. Answers to calls that were
-- made at once do not come in the order in which they were counted: so the largest
-- use of the last half minute is the last, unless it is so much more, or of another
-- reset, that the count began anew meanwhile.
CREATE OR REPLACE TEMP TABLE quota_marks AS
WITH telling AS (
    SELECT k.key_id, t.* EXCLUDE (hour), CASE WHEN t.ts >= c.cut THEN c.cut ELSE t.hour END AS hour
    FROM temp.quota_telling t
    JOIN temp.quota_keys k ON k.vendor = t.vendor AND k.host = t.host AND k.account = t.account AND k.name = t.name
    LEFT JOIN temp.quota_cuts c ON c.key_id = k.key_id AND c.hour = t.hour
), marks AS (
    SELECT key_id, hour,
        min(ts) FILTER (WHERE used IS NOT NULL OR remaining IS NOT NULL) AS first_stated,
        max(ts) FILTER (WHERE used IS NOT NULL OR remaining IS NOT NULL) AS last_stated,
        arg_max(used, ts) AS used_said, arg_max(remaining, ts) AS remaining_said, arg_max(reset_at, ts) AS reset_said,
        max(ts) FILTER (WHERE quota_limit IS NOT NULL) AS limit_stated,
        min(basis) AS stated_basis, max(period) AS period, min(reset_at) AS reset_from, max(reset_at) AS reset_to,
        count(*) FILTER (WHERE refused) AS refusals, min(ts) FILTER (WHERE refused) AS first_refusal
    FROM telling
    GROUP BY key_id, hour
), ends AS (
    SELECT m.key_id, m.hour, max(t.used) FILTER (WHERE t.ts = m.first_stated) AS first_used,
        max(t.used) FILTER (WHERE t.ts = m.last_stated OR t.ts > m.last_stated - INTERVAL 30 SECOND
            AND t.used - m.used_said <= greatest(10, t.used // 2)
            AND coalesce(abs(date_diff('second', t.reset_at, m.reset_said)), 0) <= 600) AS last_used,
        min(t.remaining) FILTER (WHERE t.ts = m.last_stated OR t.ts > m.last_stated - INTERVAL 30 SECOND
            AND t.used IS NULL AND m.remaining_said - t.remaining <= greatest(10, m.remaining_said // 2)
            AND coalesce(abs(date_diff('second', t.reset_at, m.reset_said)), 0) <= 600) AS last_remaining,
        max(t.quota_limit) FILTER (WHERE t.ts = m.limit_stated) AS stated_limit
    FROM marks m JOIN telling t ON t.key_id = m.key_id AND t.hour = m.hour
    WHERE t.basis IS NOT NULL
    GROUP BY m.key_id, m.hour
), parts AS (
    SELECT key_id, hour FROM marks
    UNION
    SELECT key_id, hour FROM temp.quota_cuts
    UNION
    SELECT key_id, cut FROM temp.quota_cuts
)
SELECT p.key_id, p.hour, coalesce(c.cut, date_trunc('hour', p.hour) + INTERVAL 1 HOUR) AS until, m.first_stated, m.last_stated, m.limit_stated,
    m.stated_basis, m.period, m.reset_from, m.reset_to, coalesce(m.refusals, 0) AS refusals, m.first_refusal, e.first_used, e.last_used, e.last_remaining, e.stated_limit
FROM parts p
LEFT JOIN marks m ON m.key_id = p.key_id AND m.hour = p.hour
LEFT JOIN ends e ON e.key_id = p.key_id AND e.hour = p.hour
LEFT JOIN temp.quota_cuts c ON c.key_id = p.key_id AND c.hour = p.hour;

DELETE FROM quota_hours WHERE date_trunc('hour', hour) IN (SELECT hour FROM temp.quota_dirty);

-- Where nothing was stated, numbers by hour are enough; quota_count_told has the others.
INSERT INTO quota_hours
SELECT k.vendor, k.host, k.account, k.name, p.hour, sum(p.counted)::BIGINT AS counted, min(p.first_call), max(p.last_call), 0 AS refusals, NULL,
    NULL, NULL, NULL, 0 AS counted_first, NULL, NULL, 0 AS counted_after, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM temp.quota_plain p
JOIN temp.quota_keys k ON k.vendor = p.vendor AND k.host = p.host AND k.account = p.account AND k.name = p.name
WHERE NOT EXISTS (SELECT 1 FROM temp.quota_marks m WHERE m.key_id = k.key_id AND date_trunc('hour', m.hour) = p.hour)
GROUP BY k.vendor, k.host, k.account, k.name, p.hour
HAVING sum(p.counted) > 0;
