-- question: (a step of the quota ledger) Which vendors does one account alone call, as far as is known?
-- parameters: none
-- columns: vendor ('' where no pack knows it), host (only there), account
-- order: vendor, host
SELECT vendor, host, min(account) AS account
FROM (
    SELECT DISTINCT es_pack(vendor) AS vendor, es_vendor_host(vendor, host) AS host, account
    FROM endpoints
    WHERE direction = 'outbound' AND account IS NOT NULL
    UNION
    SELECT DISTINCT es_pack(vendor) AS vendor, es_vendor_host(vendor, host) AS host, account
    FROM requests_full
    WHERE direction = 'outbound' AND account IS NOT NULL
)
GROUP BY vendor, host
HAVING count(DISTINCT account) = 1
ORDER BY vendor, host;
