-- question: Which exchanges stand at these places?
-- parameters: places
-- columns: place, ts, method, host, route, status, request_id, body (its beginning), source_id, source_offset
-- order: place
WITH wanted AS (
    SELECT place FROM es_places($places)
)
SELECT es_place(f.ts, f.source_id, f.source_offset)::VARCHAR AS place, max(f.ts) AS ts, max(f.method) AS method,
    max(f.host) AS host, max(f.route) AS route, max(f.status) AS status, max(f.request_id) AS request_id,
    left(max(f.body), 2000) AS body, max(f.source_id) AS source_id, max(f.source_offset) AS source_offset
FROM failures f
-- The offsets alone let nearly nothing through, and are cheap to compare.
WHERE f.source_offset IN (SELECT es_place_offset(place) FROM wanted)
  AND es_place(f.ts, f.source_id, f.source_offset) IN (SELECT place FROM wanted)
GROUP BY es_place(f.ts, f.source_id, f.source_offset)
ORDER BY place;
