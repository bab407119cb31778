-- CreateTable
CREATE TABLE "excluded_customers" (
    "shop" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "excluded_customers_pkey" PRIMARY KEY ("shop","customer_id","source")
);
