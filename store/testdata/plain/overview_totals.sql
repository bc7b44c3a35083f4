WITH every AS (
    SELECT count(*) AS n, min(ts) AS first, max(ts) AS last
    FROM requests
    WHERE es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), from_outside AS (
    SELECT count(*) AS n
    FROM requests
    WHERE direction = 'inbound' AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), labelled AS (
    SELECT count(*) FILTER (WHERE NOT benign) AS failures, count(*) FILTER (WHERE benign) AS benign,
        count(*) FILTER (WHERE outage AND NOT benign) AS outage
    FROM requests
    WHERE category IS NOT NULL AND direction IN ('outbound', 'callback') AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
)
SELECT e.n - i.n AS requests, l.failures, l.benign, i.n AS inbound, l.outage, e.first, e.last
FROM every e, from_outside i, labelled l;
