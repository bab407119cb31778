-- The index made before this one does the same.
DROP INDEX IF EXISTS "orders_customer_id_idx";
