-- question: Up to when is there any traffic?
-- parameters: none
-- columns: last (UTC, the beginning of the minute; NULL where there is none)
-- order: one row
SELECT make_timestamp(max(minute) * 60000000) AS last FROM traffic_minutes;
