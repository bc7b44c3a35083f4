-- question: (a step of fusion) Which lines share an id with a line of another origin?
-- parameters: large_origin
-- columns: none
-- order: none

-- Nearly all lines are those of one large log. Only what the others say is looked
-- for in it, so that the tables to look in are small.
CREATE OR REPLACE TEMP TABLE fuse_small AS
SELECT s.source_id, s.source_offset, o.origin, o.format, s.request_key, CASE WHEN s.status IN (0, 502, 503, 504) THEN 0 ELSE s.status END AS status_kind, es_slice(s.ts, 16) AS slice,
    s.request_hash, s.client_request_hash, s.trace_id, ((s.request_hash IS NOT NULL)::INTEGER + 2 * (s.client_request_hash IS NOT NULL)::INTEGER + 4 * (s.trace_id IS NOT NULL)::INTEGER) AS ids
FROM sides s JOIN temp.fuse_sources o ON o.source_id = s.source_id
WHERE o.origin <> $large_origin;

-- A log may call an id the vendor's that is ours, so both are looked up as one kind.
CREATE OR REPLACE TEMP TABLE fuse_ids AS
SELECT kind, value, min(origin) AS origin, max(origin) AS last_origin
FROM (
    SELECT 1 AS kind, request_hash AS value, origin FROM temp.fuse_small WHERE request_hash IS NOT NULL
    UNION ALL
    SELECT 1, client_request_hash, origin FROM temp.fuse_small WHERE client_request_hash IS NOT NULL
    UNION ALL
    SELECT 3, hash(trace_id), origin FROM temp.fuse_small WHERE trace_id IS NOT NULL
)
GROUP BY kind, value;

-- What the large log has of them.
CREATE OR REPLACE TEMP TABLE fuse_large_ids AS
SELECT s.source_id, s.source_offset, i.kind, i.value
FROM (
    SELECT source_id, source_offset, 1 AS kind, request_hash AS value FROM sides WHERE request_hash IS NOT NULL
    UNION ALL
    SELECT source_id, source_offset, 1, client_request_hash FROM sides WHERE client_request_hash IS NOT NULL
    UNION ALL
    SELECT source_id, source_offset, 3, hash(trace_id) FROM sides WHERE trace_id IS NOT NULL
) s
JOIN temp.fuse_ids i ON i.kind = s.kind AND i.value = s.value
JOIN temp.fuse_sources o ON o.source_id = s.source_id
WHERE o.origin = $large_origin;

INSERT INTO temp.fuse_places
SELECT source_id, source_offset, 0, NULL FROM temp.fuse_large_ids
UNION
SELECT s.source_id, s.source_offset, 0, NULL
FROM (
    SELECT source_id, source_offset, 1 AS kind, request_hash AS value FROM temp.fuse_small WHERE request_hash IS NOT NULL
    UNION ALL
    SELECT source_id, source_offset, 1, client_request_hash FROM temp.fuse_small WHERE client_request_hash IS NOT NULL
    UNION ALL
    SELECT source_id, source_offset, 3, hash(trace_id) FROM temp.fuse_small WHERE trace_id IS NOT NULL
) s
WHERE EXISTS (SELECT 1 FROM temp.fuse_ids i WHERE i.kind = s.kind AND i.value = s.value AND i.origin <> i.last_origin)
   OR EXISTS (SELECT 1 FROM temp.fuse_large_ids l WHERE l.kind = s.kind AND l.value = s.value);
