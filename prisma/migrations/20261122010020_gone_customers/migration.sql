-- AlterTable
ALTER TABLE "shops" ADD COLUMN     "orders_currency" TEXT,
ADD COLUMN     "orders_time_zone" TEXT;

-- AlterTable
ALTER TABLE "order_imports" ADD COLUMN     "full_history" BOOLEAN;

-- AlterTable
ALTER TABLE "webhook_inbox" ADD COLUMN     "related_id" TEXT;

-- CreateTable
CREATE TABLE "gone_customers" (
    "shop" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "into_customer_id" TEXT,
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "gone_customers_pkey" PRIMARY KEY ("shop","customer_id")
);
