-- Whether the shop's plan is a development store's: there every order is a test order, and they count.
alter table "shops" add column "development_store" boolean not null default false;
