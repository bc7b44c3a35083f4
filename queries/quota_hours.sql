-- question: (a step of the quota ledger) What do the hours of each allowance amount to, since a time and in its very first hour? Of capacities all.
-- parameters: since
-- columns: those of quota_hours, '' for an account or name that is not known
-- order: vendor, host, account, name, hour
SELECT vendor, host, account, name, hour, counted, first_call, last_call, refusals, first_refusal, call_before, first_stated, first_used,
    counted_first, last_stated, last_used, counted_after, last_remaining, limit_stated, stated_limit, stated_basis, period, reset_from, reset_to
FROM quota_hours
WHERE hour >= $since OR starts_with(stated_basis, 'capacity_')
   OR (vendor, host, account, name, hour) IN (SELECT (vendor, host, account, name, min(hour)) FROM quota_hours GROUP BY vendor, host, account, name)
ORDER BY vendor, host, account, name, hour;
