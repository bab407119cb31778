-- AlterTable
ALTER TABLE "target_segments" ADD COLUMN "empties_itself" BOOLEAN;
