CREATE INDEX CONCURRENTLY IF NOT EXISTS "written_states_shop_failure_code_idx" ON "written_states"("shop", "failure_code");
