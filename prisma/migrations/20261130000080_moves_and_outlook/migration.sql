-- The tier before a recent move; null where there was none. What a run says about the weeks ahead and behind.
alter table "scores" add column "clv_from" text, add column "buy_from" text;
alter table "scoring_runs" add column "outlook" jsonb;
