-- question: When was nobody reached at all, so that the fault was on our side of the network?
-- parameters: since, until
-- columns: window_id, started_at, ended_at (UTC; NULL is still open), vendors (JSON list of those that were not reached), requests, failures (counts)
-- order: started_at desc, window_id
SELECT window_id, started_at, ended_at, vendors, requests, failures
FROM local_outages
WHERE ($until IS NULL OR started_at < $until) AND ($since IS NULL OR ended_at IS NULL OR ended_at > $since)
ORDER BY started_at DESC, window_id;
