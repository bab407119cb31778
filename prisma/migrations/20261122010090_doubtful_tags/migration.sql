-- For each tag by itself what `unsure` says of all of a customer: whether it stands is not known.
ALTER TABLE "written_states" ADD COLUMN "doubtful" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
