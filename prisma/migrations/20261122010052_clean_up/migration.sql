-- AlterTable
ALTER TABLE "target_segments" ADD COLUMN "ours" BOOLEAN NOT NULL DEFAULT true;

-- CreateTable
CREATE TABLE "clean_ups" (
    "shop" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "found" INTEGER,
    "segments" INTEGER NOT NULL DEFAULT 0,
    "definitions" INTEGER NOT NULL DEFAULT 0,
    "left" JSONB,

    CONSTRAINT "clean_ups_pkey" PRIMARY KEY ("shop")
);
