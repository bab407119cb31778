-- AlterTable
ALTER TABLE "shops" ADD COLUMN "exclusion_read_at" TIMESTAMPTZ(3),
ADD COLUMN "exclusion_tag" TEXT;
