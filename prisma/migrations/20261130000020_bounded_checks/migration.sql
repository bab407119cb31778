-- The newest change that a check has looked at, from which a list that is refused goes on; and how often
-- that happened.
alter table "order_checks" add column "reached" timestamptz(3),
add column "restarts" integer not null default 0;
