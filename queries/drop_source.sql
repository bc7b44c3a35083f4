-- question: (a step of recovery) Take a source out of the ledger, so that it is loaded anew.
-- parameters: source_id
-- columns: none
-- order: none
DELETE FROM sources WHERE source_id = $source_id;
