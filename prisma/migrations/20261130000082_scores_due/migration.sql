-- Customers by when their next order is expected.
create index concurrently if not exists "scores_due"
  on "scores" ("shop", "next_order_from", "next_order_to")
  include ("customer_id", "clv_tier", "buy_tier", "expected_spend_minor", "buy_probability", "as_of", "age_days", "recency_days")
  where "next_order_from" is not null;
