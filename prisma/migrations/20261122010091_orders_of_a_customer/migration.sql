-- See docs/decisions/fast-import.md. Replaces the index on shop, customer and day.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "orders_customer_id_idx" ON "orders" USING HASH ("customer_id");
