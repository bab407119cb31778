-- Customers who moved lately: home counts them, and the list of customers shows them.
create index concurrently if not exists "scores_moved"
  on "scores" ("shop") include ("customer_id", "clv_tier", "buy_tier", "clv_from", "buy_from", "clv_since", "buy_since",
                                "expected_spend_minor", "buy_probability", "next_order_from", "as_of", "age_days", "recency_days")
  where "clv_from" is not null or "buy_from" is not null;
