-- question: (a step of the quota ledger) Count the calls of the hours in which something was stated, one by one.
-- parameters: since, until
-- columns: none
-- order: none

-- An hour in which a period begins has two parts. Each call lies before, between or after statements. Calls of the time of the
-- last one count as made before it, but for those behind it in its own source.
INSERT INTO quota_hours
WITH hours AS (
    SELECT DISTINCT p.endpoint_id, m.key_id, m.hour, m.until, epoch_us(m.hour) // 3600000000 AS hour_number
    FROM temp.quota_plain p
    JOIN temp.quota_keys k ON k.vendor = p.vendor AND k.host = p.host AND k.account = p.account AND k.name = p.name
    JOIN temp.quota_marks m ON m.key_id = k.key_id AND date_trunc('hour', m.hour) = p.hour
    WHERE p.endpoint_id IS NOT NULL
), told_hours AS (
    SELECT DISTINCT epoch_us(hour) // 3600000000 AS hour_number FROM temp.quota_marks
), labelled AS (
    SELECT p.vendor, p.host, coalesce(f.account, p.account) AS account, CASE WHEN f.category = 'quota' THEN coalesce(f.quota_name, p.name) ELSE p.name END AS name,
        date_trunc('hour', f.ts) AS hour, f.ts, f.source_id, f.source_offset, coalesce(f.quota_cost, 1) AS cost
    FROM requests_full f
    JOIN told_hours h ON h.hour_number = epoch_us(f.ts) // 3600000000
    JOIN temp.quota_places p ON p.raw_vendor = coalesce(f.vendor, '') AND p.raw_host = coalesce(f.host, '') AND p.route = coalesce(f.route, '')
    WHERE f.direction = 'outbound' AND f.ts >= $since AND f.ts < $until AND contains(p.counts, ',' || coalesce(f.category, 'success') || ',')
        AND NOT coalesce(f.quota_basis IN ('body', 'header') OR f.category = 'quota' AND f.retry IN ('next_period', 'after_reset'), false)
), named AS (
    SELECT vendor, host, account, name, hour, ts, source_id, source_offset, cost FROM labelled
    UNION ALL
    SELECT vendor, host, account, name, hour, ts, source_id, source_offset, cost FROM temp.quota_telling
), calls AS (
    SELECT h.key_id, h.hour, b.ts, b.source_id, b.source_offset, 1::BIGINT AS cost
    FROM requests_brief b
    JOIN hours h ON h.endpoint_id = b.endpoint_id AND h.hour_number = epoch_us(b.ts) // 3600000000
    WHERE b.ts >= $since AND b.ts < $until AND b.ts >= h.hour AND b.ts < h.until
    UNION ALL
    SELECT k.key_id, CASE WHEN n.ts >= c.cut THEN c.cut ELSE n.hour END, n.ts, n.source_id, n.source_offset, n.cost
    FROM named n
    JOIN temp.quota_keys k ON k.vendor = n.vendor AND k.host = n.host AND k.account = n.account AND k.name = n.name
    LEFT JOIN temp.quota_cuts c ON c.key_id = k.key_id AND c.hour = n.hour
), behind AS (
    SELECT k.key_id, m.hour, t.source_id, max(t.source_offset) AS source_offset
    FROM temp.quota_telling t
    JOIN temp.quota_keys k ON k.vendor = t.vendor AND k.host = t.host AND k.account = t.account AND k.name = t.name
    JOIN temp.quota_marks m ON m.key_id = k.key_id AND m.hour <= t.ts AND m.until > t.ts AND m.last_stated = t.ts AND m.last_used IS NOT DISTINCT FROM t.used
    WHERE t.basis IS NOT NULL
    GROUP BY k.key_id, m.hour, t.source_id
), counted AS (
    SELECT c.key_id, c.hour, sum(c.cost)::BIGINT AS counted,
        min(c.ts) FILTER (WHERE c.cost > 0) AS first_call, max(c.ts) FILTER (WHERE c.cost > 0) AS last_call,
        max(c.ts) FILTER (WHERE c.cost > 0 AND c.ts <= m.first_refusal) AS call_before,
        coalesce(sum(c.cost) FILTER (WHERE c.ts <= m.first_stated), 0)::BIGINT AS counted_first,
        coalesce(sum(c.cost) FILTER (WHERE c.ts > m.last_stated OR c.ts = m.last_stated AND c.source_offset > b.source_offset), 0)::BIGINT AS counted_after
    FROM calls c
    JOIN temp.quota_marks m ON m.key_id = c.key_id AND m.hour = c.hour
    LEFT JOIN behind b ON b.key_id = c.key_id AND b.hour = c.hour AND b.source_id = c.source_id
    GROUP BY c.key_id, c.hour
)
SELECT k.vendor, k.host, k.account, k.name, c.hour, c.counted, c.first_call, c.last_call, m.refusals, m.first_refusal,
    c.call_before, m.first_stated, m.first_used, CASE WHEN m.first_stated = m.last_stated THEN c.counted - c.counted_after ELSE c.counted_first END AS counted_first,
    m.last_stated, m.last_used, c.counted_after, m.last_remaining, m.limit_stated, m.stated_limit, m.stated_basis, m.period, m.reset_from, m.reset_to
FROM counted c
JOIN temp.quota_keys k ON k.key_id = c.key_id
JOIN temp.quota_marks m ON m.key_id = c.key_id AND m.hour = c.hour;
