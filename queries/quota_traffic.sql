-- question: Who called one vendor in one period: which routes, accounts and clients, how often, and with what answer?
-- parameters: q_vendor, q_host, since, until, limit
-- columns: raw_vendor, raw_host, route, vendor ('' where no pack knows it), host (only there), account, client (only known of answers with more to say), category (success where there is none), quota_name (where the answer named one), calls (count), cost (what they count as), refused (count: the allowance is used up, or the capacity full), failed (count)
-- order: calls desc, then all texts
WITH plain AS (
    SELECT endpoint_id, count(*) AS calls
    FROM requests_brief
    WHERE ts >= $since AND ts < $until
    GROUP BY endpoint_id
), told AS (
    SELECT coalesce(e.vendor, '') AS raw_vendor, coalesce(e.host, '') AS raw_host, coalesce(e.route, '') AS route, coalesce(e.account, '') AS account,
        '' AS client, 'success' AS category, '' AS quota_name, sum(p.calls)::BIGINT AS calls, sum(p.calls)::BIGINT AS cost, 0 AS refused, 0 AS failed
    FROM plain p JOIN endpoints e ON e.endpoint_id = p.endpoint_id
    WHERE e.direction = 'outbound' AND es_pack(e.vendor) = $q_vendor AND es_vendor_host(e.vendor, e.host) = $q_host
    GROUP BY ALL
    UNION ALL
    SELECT coalesce(vendor, ''), coalesce(host, ''), coalesce(route, ''), coalesce(account, ''), coalesce(client, ''), coalesce(category, 'success'),
        CASE WHEN quota_basis = 'header' OR quota_basis = 'body' AND NOT coalesce(category = 'quota' AND retry = 'fix_account', false)
            OR category = 'quota' AND (retry <> 'fix_account' OR starts_with(quota_basis, 'capacity_')) THEN coalesce(quota_name, '') ELSE '' END,
        count(*), sum(coalesce(quota_cost, 1))::BIGINT,
        count(*) FILTER (category = 'quota' AND (retry IN ('next_period', 'after_reset') OR coalesce(starts_with(quota_basis, 'capacity_'), false))),
        count(*) FILTER (category IS NOT NULL AND NOT coalesce(benign, false))
    FROM requests_full
    WHERE ($q_vendor = '' OR vendor = $q_vendor) AND direction = 'outbound' AND ts >= $since AND ts < $until
      AND es_pack(vendor) = $q_vendor AND es_vendor_host(vendor, host) = $q_host
    GROUP BY ALL
)
SELECT raw_vendor, raw_host, route, es_pack(raw_vendor) AS vendor, es_vendor_host(raw_vendor, raw_host) AS host, account, client, category, quota_name,
    sum(calls)::BIGINT AS calls, sum(cost)::BIGINT AS cost, sum(refused)::BIGINT AS refused, sum(failed)::BIGINT AS failed
FROM told
GROUP BY raw_vendor, raw_host, route, account, client, category, quota_name
ORDER BY calls DESC, raw_vendor, raw_host, route, account, client, category, quota_name
LIMIT $limit;
