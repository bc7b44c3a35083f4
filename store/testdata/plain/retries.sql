WITH labelled AS (
    SELECT *, es_kind(es_vendor(vendor), es_vendor_host(vendor, host), code, error_type, status, category, retry, method, route) AS kind
    FROM failures
    WHERE ts IS NOT NULL AND request_key IS NOT NULL AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), failed AS (
    -- Attempts of one call share request, trace and account. Numbers only: they are sorted.
    SELECT request_key, es_same_call(request_key, trace_id, account) AS same, trace_id IS NOT NULL AS traced, es_print(client_request_id) AS client, kind,
        es_us(ts) AS at_us, es_us(ts) - (coalesce(duration_ms, 0) * 1000)::BIGINT AS sent_us, es_us(retry_at) AS retry_us,
        retry IN ('never', 'fix_request', 'fix_account', 'end_user_action', 'next_period') AS hopeless,
        retry IN ('backoff', 'backoff_once', 'after_reset', 'when_available') AS may_again, source_id, source_offset
    FROM labelled
), kinds AS (
    SELECT kind, max(es_vendor(vendor)) AS vendor, max(es_vendor_host(vendor, host)) AS host, max(code) AS code,
        max(error_type) AS error_type, max(coalesce(status, -1)) AS status, max(category) AS category,
        max(retry) AS retry, max(method) AS method, max(route) AS route
    FROM labelled GROUP BY kind
), probes AS (
    -- Where to look for the next attempt: slices of 128 s after a failure, and after the stated time.
    SELECT DISTINCT request_key, traced, slice + next AS slice
    FROM (SELECT DISTINCT request_key, traced, es_whole(at_us, 128000000) AS slice FROM failed
          UNION SELECT DISTINCT request_key, traced, es_whole(retry_us, 128000000) FROM failed WHERE retry_us IS NOT NULL),
         (SELECT 0 AS next UNION ALL SELECT 1)
), pace AS (
    -- By chance the next call of the same request comes within reach_us after one
    -- failure of twenty only. Below a second times do not tell calls from attempts.
    SELECT request_key, least(120, slices * 128.0 / (n - es_whole(slices, 2)) / 20) * 1000000 AS reach_us
    FROM (SELECT request_key, sum(n) AS n FROM (
            SELECT b.request_key, count(*) AS n
            FROM requests_brief b JOIN probes p ON p.request_key = b.request_key AND p.slice = es_slice(b.ts, 128)
            WHERE NOT p.traced AND b.trace_id IS NULL AND es_in_span(b.ts, $since, $until) GROUP BY b.request_key
            UNION ALL
            SELECT f.request_key, count(*)
            FROM requests_full f JOIN probes p ON p.request_key = f.request_key AND p.slice = es_slice(f.ts, 128)
            WHERE NOT p.traced AND f.trace_id IS NULL AND (f.category IS NULL OR f.benign) AND f.direction IS DISTINCT FROM 'inbound'
              AND es_in_span(f.ts, $since, $until) GROUP BY f.request_key
          ) GROUP BY request_key)
    JOIN (SELECT request_key, count(*) AS slices FROM probes WHERE NOT traced GROUP BY request_key) USING (request_key)
    WHERE n > es_whole(slices, 2)
), reached AS (
    SELECT p.request_key, p.traced, p.slice FROM probes p
    WHERE p.traced OR p.request_key NOT IN (SELECT request_key FROM pace WHERE reach_us < 1000000)
), near AS (
    SELECT b.request_key, b.trace_id::VARCHAR AS trace, NULL AS account, b.endpoint_id, es_us(b.ts) AS at_us, b.duration_ms, b.source_id, b.source_offset
    FROM requests_brief b JOIN reached p ON p.request_key = b.request_key AND p.slice = es_slice(b.ts, 128) AND p.traced = (b.trace_id IS NOT NULL)
    WHERE es_in_span(b.ts, $since, $until)
    UNION ALL
    SELECT f.request_key, f.trace_id, f.account, NULL, es_us(f.ts), f.duration_ms, f.source_id, f.source_offset
    FROM requests_full f JOIN reached p ON p.request_key = f.request_key AND p.slice = es_slice(f.ts, 128) AND p.traced = (f.trace_id IS NOT NULL)
    WHERE (f.category IS NULL OR f.benign) AND f.direction IS DISTINCT FROM 'inbound' AND es_in_span(f.ts, $since, $until)
), calls AS (
    SELECT f.same, f.traced, f.client, f.kind, f.at_us, f.sent_us, f.retry_us, true AS bad, f.hopeless, f.may_again,
        coalesce(p.reach_us, 120000000) AS reach_us, f.source_id, f.source_offset
    FROM failed f LEFT JOIN pace p ON p.request_key = f.request_key
    UNION ALL
    SELECT es_same_call(n.request_key, replace(n.trace, '-', ''), coalesce(n.account, e.account)), n.trace IS NOT NULL, 0, 0, n.at_us,
        n.at_us - (coalesce(n.duration_ms, 0) * 1000)::BIGINT, NULL, false, false, false, coalesce(p.reach_us, 120000000), n.source_id, n.source_offset
    FROM near n LEFT JOIN endpoints e ON e.endpoint_id = n.endpoint_id LEFT JOIN pace p ON p.request_key = n.request_key
    WHERE e.direction IS DISTINCT FROM 'inbound'
), in_order AS (
    SELECT *, lag(at_us) OVER same_call AS before_us, lag(bad) OVER same_call AS before_bad, lag(client) OVER same_call AS before_client,
        lag(hopeless) OVER same_call AS before_hopeless, lag(retry_us) OVER same_call AS before_retry_us
    FROM calls
    WINDOW same_call AS (PARTITION BY same ORDER BY at_us, source_id, source_offset)
), linked AS (
    -- An attempt begins when the one before has ended; a second is the resolution
    -- of many logs. Ids that differ are different calls.
    SELECT *, coalesce(before_bad AND sent_us - before_us >= -1000000 AND (client = 0 OR before_client = 0 OR client = before_client)
        AND (CASE WHEN traced OR client <> 0 AND client = before_client THEN sent_us - before_us <= 3600000000
                  ELSE reach_us >= 1000000 AND sent_us - before_us <= reach_us END
          OR (traced OR reach_us >= 1000000) AND sent_us - before_retry_us BETWEEN -1000000 AND reach_us), false) AS again
    FROM in_order
), numbered AS (
    SELECT same, kind, at_us, bad, may_again, again, source_id, source_offset,
        again AND before_hopeless AND (before_retry_us IS NULL OR sent_us < before_retry_us) AS useless,
        again AND sent_us < before_retry_us - 1000000 AS early, bad AND NOT traced AND client = 0 AND reach_us < 1000000 AS untold,
        sum(CASE WHEN again THEN 0 ELSE 1 END) OVER (PARTITION BY same ORDER BY at_us, source_id, source_offset ROWS UNBOUNDED PRECEDING) AS nth
    FROM linked
), chains AS (
    -- The first attempt is the one that is no further one.
    SELECT count(*) AS attempts, count(*) FILTER (WHERE again) AS retries, es_any(NOT bad) AS recovered, max(kind) FILTER (WHERE NOT again) AS kind,
        max(at_us * 2 + CASE WHEN may_again THEN 1 ELSE 0 END) FILTER (WHERE bad) % 2 = 1 AS may_again,
        count(*) FILTER (WHERE useless) AS useless, count(*) FILTER (WHERE useless AND NOT bad) AS helped,
        count(*) FILTER (WHERE early) AS early, count(*) FILTER (WHERE untold) AS untold,
        min(at_us) AS first_us, max(at_us) AS last_us, max(source_id) FILTER (WHERE NOT again) AS source_id,
        max(source_offset) FILTER (WHERE NOT again) AS source_offset
    FROM numbered GROUP BY same, nth HAVING es_any(bad)
), over AS (
    -- What went on at the end of the data is not over.
    SELECT max(at_us) - 120000000 AS before_us FROM numbered
), by_kind AS (
    SELECT kind, count(*) AS calls, sum(attempts) AS attempts, sum(retries) AS retries, sum(useless) AS useless, sum(helped) AS helped, sum(early) AS early,
        count(*) FILTER (WHERE recovered) AS recovered,
        count(*) FILTER (WHERE NOT recovered AND may_again AND last_us <= before_us AND retries > 0) AS given_up,
        count(*) FILTER (WHERE NOT recovered AND may_again AND last_us <= before_us AND retries = 0 AND untold = 0) AS abandoned,
        sum(untold) AS untold, max(attempts) AS attempts_max, min(first_us) AS first_us, max(last_us) AS last_us
    FROM chains, over GROUP BY kind
), named AS (
    SELECT b.*, k.* EXCLUDE (kind), CASE WHEN q.vendor IS NULL THEN 0 ELSE b.retries END AS counted
    FROM by_kind b JOIN kinds k ON k.kind = b.kind
    LEFT JOIN (SELECT DISTINCT vendor, es_vendor_host(vendor, host) AS host FROM quota_status) q ON q.vendor = k.vendor AND q.host = k.host
), times AS (
    SELECT k.vendor, k.host, k.kind, es_p50(c.last_us - c.first_us) / 1000000 AS p50, max(c.last_us - c.first_us) / 1000000 AS longest
    FROM chains c JOIN kinds k ON k.kind = c.kind WHERE c.recovered
    GROUP BY GROUPING SETS ((), (k.vendor, k.host), (k.vendor, k.host, k.kind))
), summed AS (
    SELECT n.*, t.p50 AS recovery_s_p50, t.longest AS recovery_s_max, NULL::BIGINT AS source_id, NULL::BIGINT AS source_offset
    FROM (
        SELECT CASE WHEN grouping(kind) = 0 THEN 'group' WHEN grouping(vendor) = 0 THEN 'vendor' ELSE 'total' END AS section, kind, vendor, host,
            CASE WHEN grouping(kind) = 0 THEN max(code) END AS code, CASE WHEN grouping(kind) = 0 THEN max(error_type) END AS error_type,
            CASE WHEN grouping(kind) = 0 THEN max(status) END AS status, CASE WHEN grouping(kind) = 0 THEN max(category) END AS category,
            CASE WHEN grouping(kind) = 0 THEN max(retry) END AS retry, CASE WHEN grouping(kind) = 0 THEN max(method) END AS method,
            CASE WHEN grouping(kind) = 0 THEN max(route) END AS route, sum(calls)::BIGINT AS calls, sum(attempts)::BIGINT AS attempts,
            sum(retries)::BIGINT AS retries, sum(useless)::BIGINT AS useless, sum(helped)::BIGINT AS helped, sum(early)::BIGINT AS early,
            sum(counted)::BIGINT AS counted, sum(recovered)::BIGINT AS recovered, sum(given_up)::BIGINT AS given_up, sum(abandoned)::BIGINT AS abandoned,
            sum(untold)::BIGINT AS untold, max(attempts_max) AS attempts_max, min(first_us) AS first_us, max(last_us) AS last_us
        FROM named GROUP BY GROUPING SETS ((), (vendor, host), (vendor, host, kind)) HAVING count(*) > 0
    ) n
    LEFT JOIN times t ON t.vendor IS NOT DISTINCT FROM n.vendor AND t.host IS NOT DISTINCT FROM n.host AND t.kind IS NOT DISTINCT FROM n.kind
), worst AS (
    SELECT c.*, c.last_us - c.first_us AS took_us, k.* EXCLUDE (kind), NOT c.recovered AND c.may_again AND c.last_us <= (SELECT before_us FROM over) AS ended,
        CASE WHEN EXISTS (SELECT 1 FROM named n WHERE n.kind = c.kind AND n.counted > 0) THEN c.retries ELSE 0 END AS counted
    FROM (SELECT * FROM chains WHERE retries > 0 ORDER BY attempts DESC, first_us, source_id, source_offset LIMIT 10) c JOIN kinds k ON k.kind = c.kind
), minutes AS (
    -- Minutes with many retries; what makes a storm of them is told of the answer.
    SELECT k.vendor, k.host, es_whole(n.at_us, 60000000) AS minute, count(*) FILTER (WHERE NOT n.again) AS calls, count(*) AS attempts,
        count(*) FILTER (WHERE n.again) AS retries, min(n.at_us) AS first_us, max(n.at_us) AS last_us
    FROM numbered n JOIN kinds k ON k.kind = n.kind
    WHERE n.bad
    GROUP BY k.vendor, k.host, es_whole(n.at_us, 60000000) HAVING count(*) FILTER (WHERE n.again) >= 10
)
SELECT section, vendor, host, code, error_type, coalesce(status, -1)::SMALLINT AS status, category, retry, method, route, calls, attempts, retries, useless, helped, early,
    counted, recovered, given_up, abandoned, untold, recovery_s_p50, recovery_s_max, attempts_max, es_time(first_us) AS first, es_time(last_us) AS last, source_id, source_offset
FROM (
    SELECT section, vendor, host, code, error_type, status, category, retry, method, route, calls, attempts, retries, useless, helped, early, counted,
        recovered, given_up, abandoned, untold, recovery_s_p50, recovery_s_max, attempts_max, first_us, last_us, source_id, source_offset
    FROM (SELECT *, row_number() OVER (PARTITION BY section ORDER BY retries DESC, calls DESC, first_us, vendor, host, code, error_type, status, category, retry,
            method, route) AS place FROM summed)
    WHERE section <> 'group' OR place <= $limit
    UNION ALL
    SELECT 'minute', vendor, host, NULL, NULL, -1, NULL, NULL, NULL, NULL, calls, attempts, retries, 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0,
        first_us, last_us, NULL, NULL FROM minutes
    UNION ALL
    SELECT 'chain', vendor, host, code, error_type, status, category, retry, method, route, 1, attempts, retries, useless, helped, early, counted,
        CASE WHEN recovered THEN 1 ELSE 0 END, CASE WHEN ended THEN 1 ELSE 0 END, 0, untold, CASE WHEN recovered THEN took_us / 1000000 END,
        CASE WHEN recovered THEN took_us / 1000000 END, attempts, first_us, last_us, source_id, source_offset
    FROM worst
)
ORDER BY section, retries DESC, calls DESC, first_us, vendor, host, code, error_type, status, category, retry, method, route, source_id, source_offset;
