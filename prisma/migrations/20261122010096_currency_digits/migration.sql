-- AlterTable
alter table "shops" add column "orders_currency_digits" integer;
