import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { dangersOf } from "./rules.ts";

const directory = path.resolve(import.meta.dirname, "../../prisma/migrations");
/** The first creates everything: no process ran before it. */
const migrations = readdirSync(directory)
  .filter((name) => existsSync(path.join(directory, name, "migration.sql")))
  .sort()
  .slice(1);

describe("the migrations", () => {
  it.each(migrations)("%s can be applied while processes of the previous version run", (name) => {
    expect(dangersOf(readFileSync(path.join(directory, name, "migration.sql"), "utf8"))).toEqual(
      [],
    );
  });
});

describe("a migration may", () => {
  it.each([
    'create table "new" (id int not null); create index on "new" (id)',
    'ALTER TABLE "shops" ADD COLUMN "a" BOOLEAN NOT NULL DEFAULT false, ADD COLUMN "b" TEXT',
    'alter table "scores" add column "as_of" date',
    'create index "shops_name" on "shops" (name)',
    'create index concurrently if not exists "orders_updated" on "orders" (shop, updated_at)',
    "alter table orders add constraint positive check (amount_minor >= 0) not valid",
    "-- rename nothing, drop table nothing\nselect 'drop table shops'",
    'update "shops" set name = upper(name)',
    "-- contract: unused since 20261201000000, two releases ago\nalter table shops drop column name",
    "insert into tier_totals select shop from scores group by shop",
  ])("do: %s", (sql) => {
    expect(dangersOf(sql)).toEqual([]);
  });
});

describe("a migration must not", () => {
  it.each([
    ["drop table scores", "in use"],
    ["alter table scores drop column frequency", "in use"],
    ["-- contract:\nalter table scores drop column frequency", "in use"],
    ["alter table scores rename column frequency to often", "renames"],
    ['ALTER TABLE "scores" ADD COLUMN "x" INTEGER NOT NULL', "give it a default"],
    ['ALTER TABLE "shops" ADD COLUMN "a" INT DEFAULT 1, ADD COLUMN "x" INT NOT NULL', "a default"],
    ["alter table shops alter column name set not null", "null"],
    ["-- contract: unused for long, for sure\nalter table shops alter name type int", "rewrites"],
    ["alter table orders add column id uuid default gen_random_uuid()", "rewrites"],
    ["alter table orders add column number bigserial", "rewrites"],
    ['create index "i" on "orders" (shop)', "concurrently"],
    ["create unique index i on public.score_history (shop)", "concurrently"],
    ["create index concurrently if not exists i on orders (shop); select 1", "only statement"],
    ["create index concurrently i on orders (shop)", "if not exists"],
    ["alter table orders add constraint c check (amount_minor > 0)", "not valid"],
    ["update scores set frequency = 0", "batches"],
    ["delete from webhook_inbox", "batches"],
    ["truncate progress", "empties"],
    ["lock table shops", "lock"],
  ])("do: %s", (sql, why) => {
    const dangers = dangersOf(sql);
    expect(dangers).toHaveLength(1);
    expect(dangers[0]).toContain(why);
  });
});
