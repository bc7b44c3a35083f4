-- question: What does each vendor's support ask for?
-- parameters: none
-- columns: vendor, support_fields (with commas between), support_url
-- order: vendor
SELECT vendor, support_fields, support_url
FROM vendors
ORDER BY vendor;
