-- question: (a step of finding outages) Up to when is there any traffic?
-- parameters: none
-- columns: last (NULL where there is none)
-- order: one row
SELECT max(minute) AS last FROM traffic_minutes;
