-- AlterTable
ALTER TABLE "shops" ADD COLUMN "restored_at" TIMESTAMPTZ(3);
