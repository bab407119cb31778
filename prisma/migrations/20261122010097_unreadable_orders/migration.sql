-- CreateTable
create table "unreadable_orders" (
    "shop" text not null,
    "order_id" text not null,
    "reason" text not null,
    "detail" text not null,
    "updated_at" timestamptz(3),
    "found_at" timestamptz(3) not null default current_timestamp,

    constraint "unreadable_orders_pkey" primary key ("shop", "order_id")
);

-- AlterTable
alter table "order_imports" add column "lines_unreadable" bigint not null default 0,
add column "lines_unnamed" bigint[] default array[]::bigint[];
