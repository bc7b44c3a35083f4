-- question: (a step of fusion) What do the lines say that were found last?
-- parameters: round, since, until
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE fuse_front AS
SELECT s.source_id, s.source_offset, o.origin, s.ts, CASE WHEN s.status IS NOT NULL THEN s.request_key END AS request_key,
    ((s.request_hash IS NOT NULL)::INTEGER + 2 * (s.client_request_hash IS NOT NULL)::INTEGER + 4 * (s.trace_id IS NOT NULL)::INTEGER) AS ids,
    s.request_hash, s.client_request_hash, CASE WHEN s.trace_id IS NOT NULL THEN hash(s.trace_id) END AS trace_hash
FROM (FROM sides WHERE ts >= $since AND ts <= $until UNION ALL FROM sides WHERE ts IS NULL) s
JOIN temp.fuse_places p ON p.source_id = s.source_id AND p.source_offset = s.source_offset
JOIN temp.fuse_sources o ON o.source_id = s.source_id
WHERE p.round = $round;
