-- question: Which exchanges stand at these places?
-- parameters: places
-- columns: place, ts, method, host, route, status, request_id, body (its beginning), source_id, source_offset
-- order: place
WITH wanted AS (
    SELECT place::HUGEINT AS place FROM (SELECT unnest(string_split($places, ',')) AS place) WHERE place <> ''
)
SELECT es_place(f.ts, f.source_id, f.source_offset)::VARCHAR AS place, any_value(f.ts) AS ts, any_value(f.method) AS method,
    any_value(f.host) AS host, any_value(f.route) AS route, any_value(f.status) AS status, any_value(f.request_id) AS request_id,
    left(any_value(f.body), 2000) AS body, any_value(f.source_id) AS source_id, any_value(f.source_offset) AS source_offset
FROM failures f
-- The offsets alone let nearly nothing through, and are cheap to compare.
WHERE f.source_offset IN (SELECT es_place_offset(place) FROM wanted)
  AND es_place(f.ts, f.source_id, f.source_offset) IN (SELECT place FROM wanted)
GROUP BY es_place(f.ts, f.source_id, f.source_offset)
ORDER BY place;
