-- question: (a step of finding outages) What span of time has other traffic now, and up to when is there any?
-- parameters: none
-- columns: first, last (minutes that changed, both included; NULL where none did), newest (minute of all traffic, NULL where there is none)
-- order: one row
SELECT
    (SELECT make_timestamp(60000000 * min(first)) FROM temp.traffic_changed) AS first,
    (SELECT make_timestamp(60000000 * max(last)) FROM temp.traffic_changed) AS last,
    (SELECT make_timestamp(60000000 * max(minute)) FROM traffic_minutes) AS newest;
