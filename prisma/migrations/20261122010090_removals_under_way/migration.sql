-- Tags whose removal was sent and its result never read: they may stand or not.
ALTER TABLE "written_states" ADD COLUMN "removing" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
