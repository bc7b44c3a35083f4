-- question: Why could lines not be read?
-- parameters: none
-- columns: reason, rejects (count of those kept one by one), sources (count), path, line (of the first)
-- order: rejects desc, reason
WITH placed AS (
    SELECT r.reason, r.source_id, s.path, r.line, row_number() OVER (PARTITION BY r.reason ORDER BY s.path, r.source_id, r.source_offset, r.line) AS place
    FROM rejects r LEFT JOIN sources s ON s.source_id = r.source_id
)
SELECT reason, count(*) AS rejects, count(DISTINCT source_id) AS sources, max(CASE WHEN place = 1 THEN path END) AS path,
    max(CASE WHEN place = 1 THEN line END) AS line
FROM placed
GROUP BY reason
ORDER BY count(*) DESC, reason;
