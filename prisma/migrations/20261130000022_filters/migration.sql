-- When our metafields' definitions were last brought to be filterable only where segments need it.
alter table "shops" add column "filters_fitted_at" timestamptz(3);
