-- What each week's scores came to when their horizon had passed.
create table "judgements" (
  "shop" text not null,
  "as_of" date not null,
  "horizon_days" integer not null,
  "reconstructed" boolean not null,
  "result" jsonb not null,
  "judged_at" timestamptz(3) not null,
  constraint "judgements_pkey" primary key ("shop", "as_of")
);
