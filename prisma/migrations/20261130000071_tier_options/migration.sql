-- What the merchant chose for scoring; null for the defaults.
alter table shops add column tier_options jsonb, add column horizon_days int;
