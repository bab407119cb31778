-- AlterTable
ALTER TABLE "order_imports" ADD COLUMN "direct" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "seen_orders" (
    "shop" TEXT NOT NULL,
    "import_id" TEXT NOT NULL,
    "line" BIGINT NOT NULL,
    "order_ids" TEXT[],

    CONSTRAINT "seen_orders_pkey" PRIMARY KEY ("shop","import_id","line")
);
