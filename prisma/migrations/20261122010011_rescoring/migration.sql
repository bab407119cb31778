-- AlterTable
ALTER TABLE "scores" ADD COLUMN     "as_of" DATE,
ADD COLUMN     "rescored" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "scoring_runs" ADD COLUMN     "follows_weeks" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "score_updates" (
    "shop" TEXT NOT NULL,
    "as_of" DATE NOT NULL,
    "customer_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "number" BIGSERIAL NOT NULL,
    "frequency" INTEGER,
    "recency_days" INTEGER,
    "age_days" INTEGER,
    "mean_spend_minor" DOUBLE PRECISION,
    "buy_probability" DOUBLE PRECISION,
    "expected_spend_minor" DOUBLE PRECISION,
    "clv_tier" TEXT,
    "buy_tier" TEXT,
    "clv_since" DATE,
    "buy_since" DATE,
    "clv_plain_tier" TEXT,
    "buy_plain_tier" TEXT,

    CONSTRAINT "score_updates_pkey" PRIMARY KEY ("shop","as_of","customer_id")
);

-- CreateTable
CREATE TABLE "tier_totals" (
    "shop" TEXT NOT NULL,
    "axis" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "customers" INTEGER NOT NULL,
    "expected_spend" BIGINT NOT NULL,
    "spent" BIGINT NOT NULL,
    "probability" BIGINT NOT NULL,

    CONSTRAINT "tier_totals_pkey" PRIMARY KEY ("shop","axis","tier")
);

-- CreateIndex
CREATE INDEX "score_updates_shop_number_idx" ON "score_updates"("shop", "number");


-- The totals of the scores that are there.
INSERT INTO "tier_totals" ("shop", "axis", "tier", "customers", "expected_spend", "spent", "probability")
SELECT "shop", a."axis", a."tier", count(*), sum(round("expected_spend_minor" * 100))::bigint,
       sum("spent_minor")::bigint, sum(round("buy_probability" * 1e9))::bigint
  FROM "scores", LATERAL (VALUES ('clv', "clv_tier"), ('buy', "buy_tier")) AS a ("axis", "tier")
 GROUP BY "shop", a."axis", a."tier";
