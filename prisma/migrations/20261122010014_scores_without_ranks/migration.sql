-- Each night replaces all scores of a shop: keeping these two in order took longer than all the rest.
DROP INDEX IF EXISTS "scores_shop_buy_tier_buy_probability_idx";
DROP INDEX IF EXISTS "scores_shop_clv_tier_expected_spend_minor_idx";
