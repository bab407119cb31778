-- What came of comparing a segment with what Shopify finds in it. Those that stand are compared soon.
alter table "target_segments" add column "verdict" text,
add column "found" integer,
add column "expected" integer,
add column "checks" integer not null default 0,
add column "check_at" timestamptz(3) default current_timestamp;
