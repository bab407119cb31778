-- What has not been read is little; what has been read is kept for a while, and much. Prisma's schema
-- cannot say "where".
CREATE INDEX CONCURRENTLY IF NOT EXISTS "webhook_inbox_unread_idx"
    ON "webhook_inbox" ("shop", "received_at") WHERE "handled_at" IS NULL;
