-- Nothing needs its order: who looks for a customer's orders has the index made before this one.
DROP INDEX IF EXISTS "orders_shop_customer_id_day_idx";
