-- question: (a step of fusion) What do the fresh lines of some sources say by which they are found?
-- parameters: first_source, last_source, from_offset
-- columns: none
-- order: none
CREATE TEMP TABLE IF NOT EXISTS fuse_front AS
SELECT source_id, source_offset, 0 AS origin, ts, request_key, 0 AS ids, request_hash, client_request_hash, request_hash AS trace_hash
FROM requests_brief WHERE false;

INSERT INTO temp.fuse_front
SELECT s.source_id, s.source_offset, o.origin, s.ts, CASE WHEN s.status IS NOT NULL THEN s.request_key END,
    ((s.request_hash IS NOT NULL)::INTEGER + 2 * (s.client_request_hash IS NOT NULL)::INTEGER + 4 * (s.trace_id IS NOT NULL)::INTEGER),
    s.request_hash, s.client_request_hash, CASE WHEN s.trace_id IS NOT NULL THEN hash(s.trace_id) END
FROM sides s JOIN temp.fuse_sources o ON o.source_id = s.source_id
WHERE s.source_id >= $first_source AND s.source_id <= $last_source AND s.source_offset >= $from_offset AND s.source_offset >= o.from_offset;
