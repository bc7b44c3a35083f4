-- question: Where in other sources is a row as the first ones of a source, or the first behind lines that were doubled?
-- parameters: near, tries
-- columns: a, b: two sources; a_offset, b_offset in bytes: the places of two rows that agree; timed: they have a time
-- order: a, b, a_offset, b_offset
-- near are the sources of overlap_near, with commas between.
WITH near AS MATERIALIZED (
    SELECT source_id, format, compared < bytes AS pending
    FROM sources
    WHERE list_contains(string_split($near, ','), source_id::VARCHAR)
),
exchanges AS (
    SELECT source_id, source_offset, ts, request_key, status, duration_ms, bytes FROM sides
),
starts AS MATERIALIZED (
    SELECT source_id, start_at, coalesce(lead(start_at) OVER (PARTITION BY source_id ORDER BY start_at), 9223372036854775807) AS next_at
    FROM (
        SELECT source_id, 0 AS start_at FROM near
        UNION
        SELECT source_id, to_offset FROM doubled_lines WHERE source_id IN (SELECT source_id FROM near)
    )
),
firsts AS MATERIALIZED (
    SELECT e.source_id, unnest(min(e.source_offset, $tries)) AS source_offset
    FROM exchanges e
    JOIN starts s ON s.source_id = e.source_id AND e.source_offset >= s.start_at AND e.source_offset < s.next_at
    GROUP BY e.source_id, s.start_at
),
probes AS MATERIALIZED (
    SELECT DISTINCT e.source_id, e.source_offset, e.ts, e.request_key, e.status, e.duration_ms, e.bytes, n.format, n.pending
    FROM firsts f
    JOIN exchanges e ON e.source_id = f.source_id AND e.source_offset = f.source_offset
    JOIN near n ON n.source_id = f.source_id
)
SELECT p.source_id AS a, e.source_id AS b, p.source_offset AS a_offset, e.source_offset AS b_offset, p.ts IS NOT NULL AS timed
FROM probes p
JOIN exchanges e ON e.request_key IS NOT DISTINCT FROM p.request_key
    AND e.ts IS NOT DISTINCT FROM p.ts
    AND e.status IS NOT DISTINCT FROM p.status
    AND e.duration_ms IS NOT DISTINCT FROM p.duration_ms
    AND e.bytes IS NOT DISTINCT FROM p.bytes
JOIN near n ON n.source_id = e.source_id
WHERE n.source_id <> p.source_id AND n.format = p.format AND (n.pending OR p.pending)
QUALIFY row_number() OVER (PARTITION BY p.source_id, p.source_offset, e.source_id ORDER BY e.source_offset) <= $tries
ORDER BY a, b, a_offset, b_offset;
