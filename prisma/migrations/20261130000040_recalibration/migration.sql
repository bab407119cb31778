-- What a customer spends in 8 of 10 cases, given that there is an order at all.
alter table "scores" add column "spend_low_if_any_minor" double precision,
                     add column "spend_high_if_any_minor" double precision;
-- What a run's customers' days said beyond the summary; null in what earlier versions kept.
alter table "score_history" add column "days_30" smallint,
                            add column "days_90" smallint,
                            add column "days_180" smallint,
                            add column "days_365" smallint,
                            add column "days_year_ago" smallint,
                            add column "last_gap_days" integer,
                            add column "mean_ln_gap" real;
