-- question: Up to which minute is there any traffic?
-- parameters: none
-- columns: last (UTC, NULL where there is none)
-- order: one row
SELECT es_time(max(minute) * 60000000) AS last FROM traffic_minutes;
