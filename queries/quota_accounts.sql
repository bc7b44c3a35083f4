-- question: (a step of the quota ledger) Which vendors does one account alone call, as far as is known?
-- parameters: none
-- columns: vendor ('' where no pack knows it), host (only there), account
-- order: vendor, host
SELECT es_pack(vendor) AS vendor, es_vendor_host(vendor, host) AS host, min(first_account) AS account
FROM (
    SELECT vendor, host, min(account) AS first_account, max(account) AS last_account
    FROM endpoints
    WHERE direction = 'outbound' AND account IS NOT NULL
    GROUP BY vendor, host
    UNION ALL
    SELECT vendor, host, min(account), max(account)
    FROM requests_full
    WHERE direction = 'outbound' AND account IS NOT NULL
    GROUP BY vendor, host
)
GROUP BY es_pack(vendor), es_vendor_host(vendor, host)
HAVING min(first_account) = max(last_account)
ORDER BY 1, 2;
