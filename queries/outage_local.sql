-- question: When was nobody reached at all, so that the network on our side is to blame?
-- parameters: since, until, limit
-- columns: window_id, started_at, ended_at (UTC; NULL is still open), vendors (JSON), requests, failures (counts), why
-- order: started_at desc, window_id
SELECT window_id, started_at, ended_at, vendors, requests, failures, why
FROM local_outages
WHERE ($until IS NULL OR started_at < $until) AND ($since IS NULL OR ended_at IS NULL OR ended_at > $since)
ORDER BY started_at DESC, window_id
LIMIT $limit;
