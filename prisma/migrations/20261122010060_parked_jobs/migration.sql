-- CreateTable
CREATE TABLE "parked_jobs" (
    "shop" TEXT NOT NULL,
    "task" TEXT NOT NULL,
    "error_code" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "times_parked" INTEGER NOT NULL DEFAULT 1,
    "first_parked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "parked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ask_again_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "parked_jobs_pkey" PRIMARY KEY ("shop","task")
);
