-- Customers who are still expected back, and have been silent for one and a half of their own mean gaps.
create index concurrently if not exists "scores_overdue"
  on "scores" ("shop") include ("customer_id", "clv_tier", "buy_tier", "expected_spend_minor", "buy_probability",
                                "next_order_from", "as_of", "age_days", "recency_days")
  where "next_order_from" is not null and "frequency" > 0
    and 2 * ("age_days" - "recency_days") * "frequency" >= 3 * greatest("recency_days", "frequency");
