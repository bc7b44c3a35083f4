-- question: Which vendors and hosts are known at all, from packs or calls?
-- parameters: none
-- columns: party (a vendor or a host)
-- order: party
SELECT vendor AS party FROM vendors
UNION
SELECT vendor FROM endpoints WHERE vendor IS NOT NULL
UNION
SELECT host FROM endpoints WHERE host IS NOT NULL
UNION
SELECT host FROM requests_full WHERE host IS NOT NULL
ORDER BY party;
