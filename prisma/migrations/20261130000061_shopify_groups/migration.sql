-- Shopify's own groups of customers, to be judged beside ours when their time has passed.
create table "shopify_groups" (
  "shop" text not null,
  "customer_id" text not null,
  "rfm" smallint,
  "spend" smallint,
  constraint "shopify_groups_pkey" primary key ("shop", "customer_id")
);
alter table "score_history" add column "shopify_rfm" smallint;
alter table "score_history" add column "shopify_spend" smallint;
alter table "shops" add column "groups_read_at" timestamptz(3);
