-- What the list of customers is filtered and sorted by, without the rest of the row: about half as much to read.
-- Rows of a shop are appended to it, which costs a third of an index in another order.
create index concurrently if not exists "scores_list"
  on "scores" ("shop") include ("customer_id", "clv_tier", "buy_tier", "expected_spend_minor", "buy_probability",
                                "next_order_from", "clv_since", "buy_since", "as_of", "age_days", "recency_days");
