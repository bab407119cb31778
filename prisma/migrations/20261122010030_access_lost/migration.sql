-- AlterTable
ALTER TABLE "shops" ADD COLUMN     "access_lost_at" TIMESTAMPTZ(3),
ADD COLUMN     "access_lost_code" TEXT,
ADD COLUMN     "stopped_tasks" TEXT[] DEFAULT ARRAY[]::TEXT[];
