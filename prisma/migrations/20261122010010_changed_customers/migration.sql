-- CreateTable
CREATE TABLE "changed_customers" (
    "shop" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "mark" BIGSERIAL NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "changed_customers_pkey" PRIMARY KEY ("shop","customer_id")
);
