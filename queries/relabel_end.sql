-- question: (a step of labelling anew) Give back the room.
-- parameters: none
-- columns: none
-- order: none
DROP TABLE temp.relabelled;
DROP TABLE temp.readdressed;
