-- Which orders the merchant leaves out, besides those that never count; null for none.
alter table shops add column order_rules jsonb;
