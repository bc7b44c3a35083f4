-- question: How many exchanges are there, and how many of them failed?
-- parameters: since, until, vendor, account
-- columns: requests, failures, benign, inbound, outage (counts; requests leaves inbound out), first, last (UTC)
-- order: one row
WITH called AS (
    SELECT endpoint_id, coalesce(direction = 'inbound', false) AS from_outside
    FROM endpoints
    WHERE ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), plain AS (
    -- Whole minutes were counted before; rows are read at the edges of the span.
    SELECT endpoint_id, sum(calls)::BIGINT AS n, min(first) AS first, max(last) AS last
    FROM calls_by_minute WHERE es_cell_inside(minute, 60000000, $since, $until) GROUP BY endpoint_id
    UNION ALL
    SELECT endpoint_id, count(*)::BIGINT, min(ts), max(ts)
    FROM requests_brief WHERE es_in_span(ts, $since, $until) AND es_at_edge(ts, 60000000, $since, $until) GROUP BY endpoint_id
    UNION ALL
    SELECT endpoint_id, count(*)::BIGINT, min(ts), max(ts)
    FROM calls_untallied WHERE es_in_span(ts, $since, $until) AND NOT es_at_edge(ts, 60000000, $since, $until) GROUP BY endpoint_id
), told AS (
    SELECT direction, category IS NOT NULL AS labelled, benign, outage, count(*)::BIGINT AS n, min(ts) AS first, max(ts) AS last
    FROM requests_full
    WHERE es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY direction, category IS NOT NULL, benign, outage
), every AS (
    SELECT c.from_outside, p.n, p.first, p.last, false AS failed, false AS benign, false AS outage
    FROM plain p JOIN called c ON c.endpoint_id = p.endpoint_id
    UNION ALL
    SELECT coalesce(direction = 'inbound', false), n, first, last,
        labelled AND direction IN ('outbound', 'callback') AND NOT benign, labelled AND direction IN ('outbound', 'callback') AND benign, outage
    FROM told
)
SELECT coalesce(sum(n) FILTER (WHERE NOT from_outside), 0)::BIGINT AS requests, coalesce(sum(n) FILTER (WHERE failed), 0)::BIGINT AS failures,
    coalesce(sum(n) FILTER (WHERE benign), 0)::BIGINT AS benign, coalesce(sum(n) FILTER (WHERE from_outside), 0)::BIGINT AS inbound,
    coalesce(sum(n) FILTER (WHERE failed AND outage), 0)::BIGINT AS outage, min(first) AS first, max(last) AS last
FROM every;
