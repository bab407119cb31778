-- When the merchant paused writing to Shopify; null while it goes on.
alter table "shops" add column "writing_paused_at" timestamptz(3);
