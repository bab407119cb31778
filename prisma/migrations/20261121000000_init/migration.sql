-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "sessions" (
    "id" TEXT NOT NULL,
    "shop" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "is_online" BOOLEAN NOT NULL DEFAULT false,
    "scope" TEXT,
    "expires" TIMESTAMP(3),
    "access_token" TEXT NOT NULL,
    "user_id" BIGINT,
    "first_name" TEXT,
    "last_name" TEXT,
    "email" TEXT,
    "account_owner" BOOLEAN NOT NULL DEFAULT false,
    "locale" TEXT,
    "collaborator" BOOLEAN DEFAULT false,
    "email_verified" BOOLEAN DEFAULT false,
    "refresh_token" TEXT,
    "refresh_token_expires" TIMESTAMP(3),

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shops" (
    "shop" TEXT NOT NULL,
    "shopify_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "full_history" BOOLEAN NOT NULL,
    "installed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "uninstalled_at" TIMESTAMPTZ(3),
    "writing_agreed_at" TIMESTAMPTZ(3),
    "definitions_made_at" TIMESTAMPTZ(3),
    "known_read_at" TIMESTAMPTZ(3),
    "blocked_metafields" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "shops_pkey" PRIMARY KEY ("shop")
);

-- CreateTable
CREATE TABLE "order_imports" (
    "shop" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "bulk_operation_id" TEXT,
    "object_count" BIGINT NOT NULL DEFAULT 0,
    "lines_loaded" BIGINT NOT NULL DEFAULT 0,
    "error_code" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "order_imports_pkey" PRIMARY KEY ("shop","id")
);

-- CreateTable
CREATE TABLE "orders" (
    "shop" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "processed_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "day" DATE NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "financial_status" TEXT,
    "cancelled_at" TIMESTAMPTZ(3),
    "test" BOOLEAN NOT NULL,
    "channel" TEXT,
    "tags" TEXT[],
    "left_out" TEXT,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("shop","order_id")
);

-- CreateTable
CREATE TABLE "scoring_runs" (
    "shop" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "as_of" DATE NOT NULL,
    "reconstructed" BOOLEAN NOT NULL,
    "outcome" TEXT NOT NULL,
    "engine_version" TEXT NOT NULL,
    "horizon_days" INTEGER NOT NULL,
    "gate" JSONB NOT NULL,
    "fit" JSONB,
    "basis" JSONB NOT NULL,
    "totals" JSONB,
    "input_digest" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "scoring_runs_pkey" PRIMARY KEY ("shop","id")
);

-- CreateTable
CREATE TABLE "scores" (
    "shop" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "frequency" INTEGER NOT NULL,
    "recency_days" INTEGER NOT NULL,
    "age_days" INTEGER NOT NULL,
    "mean_spend_minor" DOUBLE PRECISION NOT NULL,
    "spent_minor" BIGINT NOT NULL,
    "buy_probability" DOUBLE PRECISION NOT NULL,
    "expected_orders" DOUBLE PRECISION NOT NULL,
    "expected_spend_minor" DOUBLE PRECISION NOT NULL,
    "spend_low_minor" DOUBLE PRECISION NOT NULL,
    "spend_high_minor" DOUBLE PRECISION NOT NULL,
    "next_order_from" DATE,
    "next_order_to" DATE,
    "clv_tier" TEXT NOT NULL,
    "buy_tier" TEXT NOT NULL,
    "clv_since" DATE NOT NULL,
    "buy_since" DATE NOT NULL,

    CONSTRAINT "scores_pkey" PRIMARY KEY ("shop","customer_id")
);

-- CreateTable
CREATE TABLE "score_history" (
    "shop" TEXT NOT NULL,
    "as_of" DATE NOT NULL,
    "customer_id" TEXT NOT NULL,
    "frequency" INTEGER NOT NULL,
    "recency_days" INTEGER NOT NULL,
    "age_days" INTEGER NOT NULL,
    "mean_spend_minor" DOUBLE PRECISION NOT NULL,
    "buy_probability" DOUBLE PRECISION NOT NULL,
    "expected_spend_minor" DOUBLE PRECISION NOT NULL,
    "clv_tier" TEXT NOT NULL,
    "buy_tier" TEXT NOT NULL,
    "clv_since" DATE NOT NULL,
    "buy_since" DATE NOT NULL,
    "clv_plain_tier" TEXT NOT NULL,
    "buy_plain_tier" TEXT NOT NULL,
    "reconstructed" BOOLEAN NOT NULL,

    CONSTRAINT "score_history_pkey" PRIMARY KEY ("shop","as_of","customer_id")
);

-- CreateTable
CREATE TABLE "tier_changes" (
    "shop" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "axis" TEXT NOT NULL,
    "from_tier" TEXT NOT NULL,
    "to_tier" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "as_of" DATE NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "reconstructed" BOOLEAN NOT NULL,

    CONSTRAINT "tier_changes_pkey" PRIMARY KEY ("shop","run_id","customer_id","axis")
);

-- CreateTable
CREATE TABLE "written_states" (
    "shop" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "tags" TEXT[],
    "clv_tier" TEXT,
    "buy_tier" TEXT,
    "expected_spend" TEXT,
    "buy_probability" TEXT,
    "next_order_from" TEXT,
    "next_order_to" TEXT,
    "scored_at" TEXT,
    "spent_minor" BIGINT,
    "unsure" BOOLEAN NOT NULL DEFAULT false,
    "failure_code" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "written_at" TIMESTAMPTZ(3),

    CONSTRAINT "written_states_pkey" PRIMARY KEY ("shop","customer_id")
);

-- CreateTable
CREATE TABLE "write_batches" (
    "shop" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "lines" BYTEA,
    "line_count" INTEGER NOT NULL,
    "failed_count" INTEGER NOT NULL DEFAULT 0,
    "staged_upload_path" TEXT,
    "bulk_operation_id" TEXT,
    "error_code" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "write_batches_pkey" PRIMARY KEY ("shop","id")
);

-- CreateTable
CREATE TABLE "target_segments" (
    "shop" TEXT NOT NULL,
    "target_key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "segment_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "target_segments_pkey" PRIMARY KEY ("shop","target_key")
);

-- CreateTable
CREATE TABLE "progress" (
    "shop" TEXT NOT NULL,
    "task" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "done" BIGINT NOT NULL DEFAULT 0,
    "total" BIGINT,
    "error_code" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "progress_pkey" PRIMARY KEY ("shop","task")
);

-- CreateTable
CREATE TABLE "webhook_inbox" (
    "shop" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "resource_id" TEXT,
    "resource_updated_at" TIMESTAMPTZ(3),
    "triggered_at" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "handled_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_inbox_pkey" PRIMARY KEY ("shop","webhook_id")
);

-- CreateIndex
CREATE INDEX "sessions_shop_idx" ON "sessions"("shop");

-- CreateIndex
CREATE INDEX "orders_shop_customer_id_day_idx" ON "orders"("shop", "customer_id", "day");

-- CreateIndex
CREATE UNIQUE INDEX "scoring_runs_shop_as_of_reconstructed_key" ON "scoring_runs"("shop", "as_of", "reconstructed");

-- CreateIndex
CREATE INDEX "scores_shop_clv_tier_expected_spend_minor_idx" ON "scores"("shop", "clv_tier", "expected_spend_minor" DESC);

-- CreateIndex
CREATE INDEX "scores_shop_buy_tier_buy_probability_idx" ON "scores"("shop", "buy_tier", "buy_probability" DESC);

-- CreateIndex
CREATE INDEX "score_history_shop_customer_id_idx" ON "score_history"("shop", "customer_id");

-- CreateIndex
CREATE INDEX "tier_changes_shop_customer_id_changed_at_idx" ON "tier_changes"("shop", "customer_id", "changed_at");

-- CreateIndex
CREATE INDEX "tier_changes_shop_as_of_idx" ON "tier_changes"("shop", "as_of");

-- CreateIndex
CREATE INDEX "write_batches_shop_state_idx" ON "write_batches"("shop", "state");

-- CreateIndex
CREATE INDEX "webhook_inbox_shop_topic_resource_id_idx" ON "webhook_inbox"("shop", "topic", "resource_id");

-- CreateIndex
CREATE INDEX "webhook_inbox_shop_handled_at_idx" ON "webhook_inbox"("shop", "handled_at");

