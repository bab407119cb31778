-- Whether the shop's orders are in a table of their own. See docs/decisions/tables-of-large-shops.md.
ALTER TABLE "shops" ADD COLUMN "own_orders" BOOLEAN NOT NULL DEFAULT false;
