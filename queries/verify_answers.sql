-- question: Which outage windows and quota periods contradict themselves?
-- parameters: none
-- columns: place: the window or period; want, have
-- order: place, want, have
SELECT 'outage_windows ' || coalesce(window_id::VARCHAR, 'NULL') AS place, 'one window of this id' AS want, count(*) || ' windows' AS have
FROM outage_windows
GROUP BY window_id
HAVING count(*) > 1 OR window_id IS NULL
UNION ALL
SELECT 'outage_windows ' || window_id, 'a start before the end, and failures among the requests', 'from ' || coalesce(started_at::VARCHAR, 'NULL') || ' to '
    || coalesce(ended_at::VARCHAR, 'now') || ', ' || failures || ' failures of ' || requests || ' requests'
FROM outage_windows
WHERE started_at IS NULL OR ended_at < started_at OR failures > requests
UNION ALL
SELECT 'quota_status ' || coalesce(name, '') || ' of ' || coalesce(vendor, ''), 'one row per account and period, with a start', count(*) || ' rows from '
    || coalesce(period_start::VARCHAR, 'NULL')
FROM quota_status
GROUP BY vendor, host, account, name, period_start
HAVING count(*) > 1 OR period_start IS NULL
ORDER BY place, want, have;
