-- question: (a step of finding outages) Take the traffic of the sources away that are added up anew.
-- parameters: none
-- columns: none
-- order: none
INSERT INTO temp.traffic_changed
SELECT min(t.minute), max(t.minute)
FROM traffic_minutes t JOIN temp.traffic_again a ON a.source_id = t.source_id AND t.minute >= a.from_minute;
DELETE FROM traffic_minutes t USING temp.traffic_again a WHERE a.source_id = t.source_id AND t.minute >= a.from_minute;
DELETE FROM traffic_blocks t USING temp.traffic_again a WHERE a.source_id = t.source_id AND t.block >= a.from_minute // 10;
