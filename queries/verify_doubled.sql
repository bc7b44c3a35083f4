-- question: Which lines that were taken away as doubled are stored still, or are not noted rightly?
-- parameters: none
-- columns: place: the source; want, have
-- order: place, want, have
WITH exchanges AS (
    SELECT source_id, source_offset FROM sides
)
SELECT 'source ' || d.source_id AS place, 'no row from byte ' || d.from_offset || ' to ' || d.to_offset || ', which another source has' AS want, count(*) || ' rows' AS have
FROM doubled_lines d
JOIN exchanges e ON e.source_id = d.source_id AND e.source_offset >= d.from_offset AND e.source_offset < d.to_offset
GROUP BY d.source_id, d.from_offset, d.to_offset
UNION ALL
SELECT 'source ' || d.source_id, 'doubled lines within its ' || s.bytes || ' bytes', 'from byte ' || d.from_offset || ' to ' || d.to_offset
FROM doubled_lines d
JOIN sources s ON s.source_id = d.source_id
WHERE d.from_offset < 0 OR d.from_offset >= d.to_offset OR d.to_offset > s.bytes OR d.from_line > d.to_line
UNION ALL
SELECT 'source ' || s.source_id, s.duplicates || ' duplicates', 'no doubled lines are noted'
FROM sources s
WHERE s.duplicates > 0 AND NOT EXISTS (SELECT 1 FROM doubled_lines d WHERE d.source_id = s.source_id)
ORDER BY place, want, have;
