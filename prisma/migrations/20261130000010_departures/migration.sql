-- By what it was confirmed that the app was removed; kept until a shop that came back is up to date.
ALTER TABLE "shops" ADD COLUMN "departure_evidence" TEXT;

-- Why a shop was erased. By digest, since nothing of the shop itself is kept.
CREATE TABLE "shop_erasures" (
    "shop_digest" BYTEA NOT NULL,
    "began_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "asked_by" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3),
    "uninstalled_at" TIMESTAMPTZ(3),
    "evidence" TEXT,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "shop_erasures_pkey" PRIMARY KEY ("shop_digest","began_at")
);
