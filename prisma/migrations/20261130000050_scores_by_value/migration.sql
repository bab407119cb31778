-- The list of customers by value is walked within each pair of tiers.
create index concurrently if not exists "scores_shop_clv_tier_buy_tier_expected_spend_minor_idx"
  on "scores" ("shop", "clv_tier", "buy_tier", "expected_spend_minor");
