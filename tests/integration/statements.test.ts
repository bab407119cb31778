import path from "node:path";

import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";

import {
  type SentStatement,
  sentStatements,
  type ValueKind,
  valueKinds,
} from "../setup/statements.ts";

// The compiler checks neither the app's SQL nor its row types. Here the database describes each
// statement, on the migrated schema, and the result is compared with the row type.

/** Columns that may be null by the schema and never are in these rows, and why. */
const NEVER_NULL: Record<string, string> = {
  "app/writeback/remove-from-erased.server.ts blocked":
    "a list has a default, and nobody sets null",
  "app/shop/deferred-tasks.server.ts tasks": "a list has a default, and nobody sets null",
  "app/orders/webhooks/unread-webhooks.server.ts orderId":
    "a webhook about an order is kept with the order's number, or not at all",
  "app/orders/webhooks/unread-webhooks.server.ts customerId":
    "a webhook about a customer is kept with the customer's number, or not at all",
  "app/orders/reconcile/reconciliation-runs.server.ts since":
    "a run begins after an import is done, which has the moment from which it looks",
};

/** Statements composed at run time, for example for each table of a list: other tests run them. */
const AT_RUN_TIME: Record<string, number> = {
  "app/campaigns/run-segment-checks.server.ts": 1,
  "app/orders/purchases/purchase-days.server.ts": 4,
  "app/orders/reconcile/enqueue-due.server.ts": 1,
  "app/orders/store/apply-changes.server.ts": 1,
  "app/orders/store/own-table.server.ts": 5,
  "app/orders/store/store-orders.server.ts": 1,
  "app/orders/webhooks/unread-webhooks.server.ts": 1,
  "app/privacy/enqueue-due.server.ts": 1,
  "app/privacy/erasure/erase-customer.server.ts": 1,
  "app/privacy/erasure/erase-shop.server.ts": 2,
  "app/privacy/erasure/wait-for-work.server.ts": 1,
  "app/privacy/purge.server.ts": 1,
  "app/privacy/reports/make-report.server.ts": 1,
  "app/queue/inbox.server.ts": 1,
  "app/queue/progress.server.ts": 1,
  "app/queue/queue.server.ts": 1,
  "app/scoring/run/enqueue-due.server.ts": 3,
  "app/scoring/store/save-run.server.ts": 1,
  "app/scoring/views/attention.server.ts": 1,
  "app/scoring/views/customers-rows.server.ts": 1,
  "app/scoring/views/customers.server.ts": 1,
  "app/writeback/state/diff.server.ts": 1,
  "app/writeback/state/dry-run.server.ts": 1,
  "app/writeback/state/apply-tombstones.server.ts": 1,
  "app/writeback/state/written-state.server.ts": 1,
};

type Field = { name: string; dataTypeID: number; tableID: number; columnID: number };
type Described = { fields: Field[] } | { error: string };

const statements = sentStatements(path.resolve(import.meta.dirname, "../.."));
let client: pg.Client;
/** Names of the nullable columns, by the numbers `table.column`. */
const nullable = new Map<string, string>();
const kinds = new Map<number, ValueKind>();

beforeAll(async () => {
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
  client = new pg.Client({ connectionString: env.DATABASE_URL });
  await client.connect();
  const columns = await pool.query<{ number: string; name: string }>(
    `select attrelid || '.' || attnum as number, attname as name from pg_attribute
      where not attnotnull and attnum > 0`,
  );
  for (const { number, name } of columns.rows) nullable.set(number, name);
  const types = await pool.query<{ oid: number; name: string; category: string }>(
    "select oid::int, typname as name, typcategory as category from pg_type",
  );
  for (const { oid, name, category } of types.rows) kinds.set(oid, kindOf(name, category));
});
afterAll(async () => {
  await client.end();
  await stopQueue();
  await closeDatabase();
});

function kindOf(name: string, category: string): ValueKind {
  if (category === "A") return "array";
  if (name === "json" || name === "jsonb") return "json";
  if (name === "bool") return "boolean";
  if (["int2", "int4", "oid", "float4", "float8"].includes(name)) return "number";
  if (name === "timestamptz" || name === "timestamp" || name === "date") return "Date";
  // Numbers that may be too large for a double are returned as text.
  return "string";
}

/** Parses and describes a statement without running it. */
class Description implements pg.Submittable {
  readonly name = "";
  readonly #text: string;
  readonly #done: (described: Described) => void;
  #fields: Field[] = [];

  constructor(text: string, done: (described: Described) => void) {
    this.#text = text;
    this.#done = done;
  }

  submit(connection: pg.Connection): void {
    const raw = connection as unknown as {
      parse: (query: { name: string; text: string; types: number[] }) => void;
      describe: (what: { type: "S"; name: string }) => void;
      sync: () => void;
    };
    raw.parse({ name: "", text: this.#text, types: [] });
    raw.describe({ type: "S", name: "" });
    raw.sync();
  }

  handleRowDescription({ fields }: { fields: Field[] }): void {
    this.#fields = fields;
  }

  handleError(error: Error): void {
    this.#done({ error: error.message });
  }

  handleReadyForQuery(): void {
    this.#done({ fields: this.#fields });
  }
}

const describeOf = (text: string) =>
  new Promise<Described>((done) => client.query(new Description(text, done)));

/** Whether a column may be null and the statement does not exclude it. */
function mayBeNull(text: string, { tableID, columnID }: Field): boolean {
  const column = nullable.get(`${String(tableID)}.${String(columnID)}`);
  return column !== undefined && !new RegExp(`\\b${column} is not null`, "i").test(text);
}

function complaintsOf({ at, row }: SentStatement, text: string, fields: Field[]): string[] {
  if (row === null) return [];
  const complaints: string[] = [];
  for (const [name, { optional }] of Object.entries(row)) {
    if (!optional && !fields.some((field) => field.name === name))
      complaints.push(`${name} does not come back`);
  }
  for (const field of fields) {
    const { name } = field;
    const promised = row[name];
    const kind = kinds.get(field.dataTypeID) ?? "string";
    if (promised === undefined) complaints.push(`${name} comes back, and is not promised`);
    else if (!promised.takes[kind]) complaints.push(`${name} is a ${kind}, not ${promised.type}`);
    else if (promised.nullable || !mayBeNull(text, field)) continue;
    else if (NEVER_NULL[`${fileOf(at)} ${name}`] === undefined) {
      complaints.push(`${name} may be null, which ${promised.type} is not`);
    }
  }
  return complaints;
}

const fileOf = (at: string) => at.replace(/:\d+$/, "");

/** Text without parameters may contain several statements. */
const single = (text: string) => (text.includes("$1") ? [text] : text.split(";"));

async function foundIn(statement: SentStatement): Promise<string[]> {
  const found: string[] = [];
  for (const text of (statement.texts ?? []).flatMap(single)) {
    const described = await describeOf(text);
    const complaints =
      "error" in described ? [described.error] : complaintsOf(statement, text, described.fields);
    found.push(...complaints.map((complaint) => `${statement.at}: ${complaint}`));
  }
  return found;
}

describe("the app's SQL", () => {
  it("matches the schema, and returns the rows of its row types", async () => {
    // As in the transaction that stores orders.
    await client.query("create temp table arriving as select * from orders with no data");
    const found: string[] = [];
    for (const statement of statements) found.push(...(await foundIn(statement)));
    expect(found).toEqual([]);
  });

  it("is found by this test, except statements composed at run time", () => {
    const unread: Record<string, number> = {};
    for (const { at, texts } of statements) {
      if (texts === null) unread[fileOf(at)] = (unread[fileOf(at)] ?? 0) + 1;
    }
    expect(unread).toEqual(AT_RUN_TIME);
    expect(statements.length).toBeGreaterThan(250);
  });

  const promise = (column: object) =>
    Object.fromEntries(
      Object.entries(column).map(([name, kind]) => {
        const takes = Object.fromEntries(valueKinds.map((one) => [one, one === kind]));
        return [name, { takes, type: String(kind), nullable: false, optional: false }];
      }),
    ) as SentStatement["row"];
  const bad: [text: string, row: object, complaint: RegExp][] = [
    ["select shop from shop_names", { shop: "string" }, /relation "shop_names" does not exist/],
    ["select shop, names from shops", { shop: "string" }, /column "names" does not exist/],
    ["select shop from shops", { shop: "number" }, /shop is a string, not number/],
    ["select shop from shops", { name: "string" }, /name does not come back/],
    ["select shop, name from shops", { name: "string" }, /shop comes back, and is not promised/],
    ["select access_lost_code as code from shops", { code: "string" }, /code may be null/],
  ];
  it.each(bad)("is reported by this test when it is wrong: %s", async (text, row, complaint) => {
    const found = await foundIn({ at: "here:1", texts: [text], row: promise(row) });
    expect(found.join()).toMatch(complaint);
  });
});
