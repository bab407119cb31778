-- How many customers each run moved up and down: counting `tier_changes` takes long in large shops.
alter table "scoring_runs" add column "moves" jsonb;
