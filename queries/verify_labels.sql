-- question: Which labels are none of the closed sets?
-- parameters: none
-- columns: place: the column; want, have
-- order: place, want, have
WITH labels AS (
    SELECT unnest(['category', 'retry', 'fault', 'confidence', 'direction']) AS place,
           unnest([category, retry, fault, confidence, direction]) AS label, n
    FROM (SELECT category, retry, fault, confidence, direction, count(*) AS n FROM requests_full GROUP BY ALL)
)
SELECT 'requests.' || place AS place, 'a word of its closed set' AS want, sum(n) || ' rows say ' || label AS have
FROM labels
WHERE label IS NOT NULL AND NOT list_contains(CASE place
    WHEN 'category' THEN ['authentication', 'permission', 'billing', 'quota', 'rate_limit', 'validation', 'not_found', 'conflict', 'state',
        'unsupported', 'end_user', 'declined', 'server', 'upstream', 'unavailable', 'timeout', 'edge', 'unknown']
    WHEN 'retry' THEN ['never', 'fix_request', 'fix_account', 'reauthenticate', 'end_user_action', 'new_idempotency_key', 'after_reset',
        'next_period', 'backoff_once', 'backoff', 'when_available', 'after_state_change', 'unknown']
    WHEN 'fault' THEN ['caller', 'account', 'end_user', 'vendor', 'upstream', 'resource', 'none', 'unknown']
    WHEN 'confidence' THEN ['exact', 'message', 'hint', 'status', 'generic', 'ambiguous']
    ELSE ['outbound', 'inbound', 'callback'] END, label)
GROUP BY place, label
UNION ALL
SELECT 'requests', 'all of a label', count(*) || ' rows have a category but no retry, fault, confidence or benign'
FROM requests_full
WHERE category IS NOT NULL AND (retry IS NULL OR fault IS NULL OR confidence IS NULL OR benign IS NULL)
HAVING count(*) > 0
ORDER BY place, want, have;
