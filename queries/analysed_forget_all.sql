-- question: (a step of labelling anew and of recovery) Have every step of the analysis take every source anew.
-- parameters: none
-- columns: none
-- order: none
UPDATE analysed SET bytes = -1;
