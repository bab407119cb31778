-- AlterTable
ALTER TABLE "shops" ADD COLUMN     "orders_through" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "order_imports" ADD COLUMN     "as_of" TIMESTAMPTZ(3),
ADD COLUMN     "orders_added" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "orders_changed" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "order_checks" (
    "shop" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "asked_by" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3),
    "position" TEXT,
    "seen" BIGINT NOT NULL DEFAULT 0,
    "missing" BIGINT NOT NULL DEFAULT 0,
    "stale" BIGINT NOT NULL DEFAULT 0,
    "wrong" BIGINT NOT NULL DEFAULT 0,
    "removed" BIGINT NOT NULL DEFAULT 0,
    "count_here" BIGINT,
    "count_there" BIGINT,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "order_checks_pkey" PRIMARY KEY ("shop","id")
);

-- CreateIndex
CREATE INDEX "order_checks_shop_finished_at_idx" ON "order_checks"("shop", "finished_at");
