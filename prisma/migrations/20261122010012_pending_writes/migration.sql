-- AlterTable
ALTER TABLE "scoring_runs" ADD COLUMN     "write_plan" JSONB;

-- AlterTable
ALTER TABLE "shops" ADD COLUMN     "written_run_id" TEXT;

-- CreateTable
CREATE TABLE "pending_writes" (
    "shop" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "mark" BIGSERIAL NOT NULL,

    CONSTRAINT "pending_writes_pkey" PRIMARY KEY ("shop","customer_id")
);
