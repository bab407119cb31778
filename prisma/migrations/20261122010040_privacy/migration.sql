-- Customers who were erased on request: a digest each, so that none comes back with a late order.
CREATE TABLE "redacted_customers" (
    "shop" TEXT NOT NULL,
    "customer_digest" BYTEA NOT NULL,
    "redacted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "redacted_customers_pkey" PRIMARY KEY ("shop","customer_digest")
);

-- Answers to requests for what is held about a customer, for the merchant to hand over.
CREATE TABLE "privacy_reports" (
    "shop" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "handed_over_at" TIMESTAMPTZ(3),
    "held" JSONB NOT NULL,

    CONSTRAINT "privacy_reports_pkey" PRIMARY KEY ("shop","id")
);

ALTER TABLE "scoring_runs" ADD COLUMN "redacted_at" TIMESTAMPTZ(3);

ALTER TABLE "shops" ADD COLUMN "leftovers" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "purged_at" TIMESTAMPTZ(3);
