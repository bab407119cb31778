import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { customerTopics, departureTopics } from "./request-body.ts";
import { LOST_BATCH_DAYS, periods } from "./retention-periods.ts";
import { heldTables, otherTables } from "./tables.ts";

const read = (file: string) =>
  readFileSync(path.resolve(import.meta.dirname, "../..", file), "utf8");

/** The columns of each table in the Prisma schema. */
const tables = new Map(
  [...read("prisma/schema.prisma").matchAll(/^model \w+ \{\n(.*?)\n\}/gms)].map(([, body = ""]) => {
    const name = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? "";
    const columns = [...body.matchAll(/^ {2}(\w+) +\S.*$/gm)].map(
      ([line, field = ""]) => /@map\("(\w+)"\)/.exec(line)?.[1] ?? field,
    );
    return [name, new Set(columns)] as const;
  }),
);

describe("the tables with data of a shop", () => {
  it("are all tables of the schema", () => {
    const held = new Set(heldTables.map(({ table }) => table));
    // The record of an erasure has only a digest of its shop.
    const named = [...tables.keys()].filter((table) => table !== "shop_erasures");
    expect([...held].sort()).toEqual(named.sort());
    expect(otherTables).toEqual(["_prisma_migrations", "shop_erasures"]);
    expect(tables.get("shop_erasures")?.has("shop")).toBe(false);
  });

  it("list every column with a customer's id", () => {
    const listed = new Map<string, Set<string>>();
    for (const { table, customer } of heldTables) {
      const columns = listed.get(table) ?? new Set();
      listed.set(table, columns);
      if (customer === null) continue;
      columns.add(customer);
      expect([table, customer, tables.get(table)?.has(customer)]).toEqual([table, customer, true]);
    }
    for (const [table, columns] of tables) {
      const naming = [...columns].filter((column) => /(^|_)customer_id$/.test(column));
      expect([table, [...(listed.get(table) ?? [])].sort()]).toEqual([table, naming.sort()]);
    }
  });

  it("delete the rows of an erased customer, except orders, which become guest orders", () => {
    for (const { table, customer, onErasure } of heldTables) {
      const expected = customer === null ? undefined : table === "orders" ? "unlink" : "delete";
      expect([table, onErasure]).toEqual([table, expected]);
    }
  });

  it("are part of a customer's report, except earlier reports and customers merged into them", () => {
    for (const { table, customer, told } of heldTables) {
      const answer = table === "privacy_reports" || customer === "into_customer_id";
      expect([table, customer, told === true]).toEqual([
        table,
        customer,
        customer !== null && !answer,
      ]);
    }
  });

  it("are erased with an installation, except requests, exclusions and the shop's own rows", () => {
    const outlive = heldTables.filter(({ outlives }) => outlives).map(({ table }) => table);
    expect(outlive).toEqual(
      expect.arrayContaining([
        "excluded_customers",
        "privacy_reports",
        "redacted_customers",
        "progress",
        "webhook_inbox",
        "sessions",
        "shops",
      ]),
    );
    const go = ["orders", "scores", "score_history", "written_states", "scoring_runs"];
    expect(outlive.filter((table) => go.includes(table))).toEqual([]);
  });
});

describe("the retention periods", () => {
  it("count from a column of their table", () => {
    for (const { table, since } of periods) {
      expect([table, since, tables.get(table)?.has(since)]).toEqual([table, since, true]);
    }
  });

  it("are those in docs/privacy.md", () => {
    const published = read("docs/privacy.md");
    for (const { table, days } of periods) {
      const row = published.split("\n").find((line) => line.includes(`\`${table}\``));
      expect(row, table).toMatch(new RegExp(`\\b${String(days)} days\\b`));
    }
    expect(published).toContain(`after ${String(LOST_BATCH_DAYS)} days at most`);
    expect(periods.map(({ table, since }) => `${table} ${since}`)).toEqual(
      expect.arrayContaining([
        "webhook_inbox handled_at",
        "write_batches finished_at",
        "order_imports finished_at",
        "order_checks finished_at",
        "gone_customers settled_at",
        "tier_changes changed_at",
        "privacy_reports handed_over_at",
        "privacy_reports made_at",
      ]),
    );
  });
});

describe("the topics about privacy", () => {
  it("are Shopify's three, and the one about uninstallation", () => {
    expect([...customerTopics, ...departureTopics]).toEqual([
      "customers/data_request",
      "customers/redact",
      "app/uninstalled",
      "shop/redact",
    ]);
  });
});
