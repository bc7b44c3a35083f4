-- question: (a step of labelling anew) Note the packs by which the rows of a source are labelled.
-- parameters: source_id, pack_versions
-- columns: none
-- order: none
UPDATE sources SET pack_versions = $pack_versions WHERE source_id = $source_id;
