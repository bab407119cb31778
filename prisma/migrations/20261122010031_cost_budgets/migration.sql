-- CreateTable
-- Unlogged: written twice a call, and after a crash the next reply of Shopify says what it was.
CREATE UNLOGGED TABLE "cost_budgets" (
    "shop" TEXT NOT NULL,
    "available" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "maximum" DOUBLE PRECISION NOT NULL,
    "restore_rate" DOUBLE PRECISION NOT NULL,
    "first_in_line" TEXT,
    "first_until" TIMESTAMPTZ(6),
    "person_until" TIMESTAMPTZ(6),

    CONSTRAINT "cost_budgets_pkey" PRIMARY KEY ("shop")
) WITH (fillfactor = 50);
