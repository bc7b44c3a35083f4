-- question: Where do rate limits bite: how often, for how long, and how near were they elsewhere?
-- parameters: since, until, vendor, account, limit
-- columns: vendor, host (where no pack knows the vendor), account, route, refused (count of rate_limit), spans (count: refusals less than 5 minutes apart are one), longest_span_s, spans_s (s), top_client (of the refusals), least_remaining, least_remaining_limit (of answers that state a short window), longest_wait_s (that was stated), first, last (UTC, of the refusals)
-- order: refused desc, vendor, host, account, route
WITH told AS (
    SELECT es_pack(vendor) AS pack, es_vendor_host(vendor, host) AS host, coalesce(account, '') AS account, coalesce(route, '') AS route, ts,
        coalesce(category = 'rate_limit', false) AS refused, coalesce(client, '') AS client, retry_after_s,
        CASE WHEN quota_basis = 'rate' THEN quota_remaining END AS remaining, CASE WHEN quota_basis = 'rate' THEN quota_limit END AS allowed,
        source_id, source_offset
    FROM requests_full
    WHERE direction = 'outbound' AND (category = 'rate_limit' OR quota_basis = 'rate') AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), stepped AS (
    SELECT pack, host, account, route, ts, source_id, source_offset,
        CASE WHEN date_diff('second', lag(ts) OVER (PARTITION BY pack, host, account, route ORDER BY ts, source_id, source_offset), ts) < 300 THEN 0 ELSE 1 END AS begins
    FROM told
    WHERE refused AND ts IS NOT NULL
), islands AS (
    SELECT pack, host, account, route, ts,
        sum(begins) OVER (PARTITION BY pack, host, account, route ORDER BY ts, source_id, source_offset ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS island
    FROM stepped
), spans AS (
    SELECT pack, host, account, route, date_diff('second', min(ts), max(ts)) AS span_s
    FROM islands
    GROUP BY pack, host, account, route, island
), lasting AS (
    SELECT pack, host, account, route, count(*) AS spans, max(span_s) AS longest_span_s, sum(span_s)::BIGINT AS spans_s
    FROM spans
    GROUP BY pack, host, account, route
), callers AS (
    SELECT pack, host, account, route, client, row_number() OVER (PARTITION BY pack, host, account, route ORDER BY count(*) DESC, client) AS place
    FROM told
    WHERE refused AND client <> ''
    GROUP BY pack, host, account, route, client
), totals AS (
    SELECT pack, host, account, route, count(*) FILTER (WHERE refused) AS refused, min(remaining) AS least_remaining,
        argMin(allowed, remaining * 1000000000.0 + coalesce(allowed, 0)) AS least_remaining_limit, max(retry_after_s) FILTER (WHERE refused) AS longest_wait_s,
        min(ts) FILTER (WHERE refused) AS first, max(ts) FILTER (WHERE refused) AS last
    FROM told
    GROUP BY pack, host, account, route
)
SELECT CASE WHEN t.pack = '' THEN 'generic' ELSE t.pack END AS vendor, t.host, t.account, t.route, t.refused, coalesce(l.spans, 0) AS spans,
    coalesce(l.longest_span_s, 0) AS longest_span_s, coalesce(l.spans_s, 0) AS spans_s, c.client AS top_client, t.least_remaining,
    t.least_remaining_limit, t.longest_wait_s, t.first, t.last
FROM totals t
LEFT JOIN lasting l ON l.pack = t.pack AND l.host = t.host AND l.account = t.account AND l.route = t.route
LEFT JOIN callers c ON c.pack = t.pack AND c.host = t.host AND c.account = t.account AND c.route = t.route AND c.place = 1
ORDER BY t.refused DESC, vendor, t.host, t.account, t.route
LIMIT $limit;
