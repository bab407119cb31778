import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type AdminApi, openAdminApi } from "../../scripts/stack/admin-api.ts";
import { follow, Merchant } from "../../scripts/stack/merchant.ts";
import { type Stack, startStack } from "../../scripts/stack/stack.ts";
import { type Needles, needlesOf, personalDataIn } from "../setup/personal-data.ts";

const logs = path.resolve(import.meta.dirname, "../../.data/logs/test-personal-data");
const level = process.env.LOG_LEVEL;

/** Not in the shop: personal data that only webhooks contain. */
const jane = {
  first_name: "Janeth",
  last_name: "Quillfeather",
  email: "janeth.quillfeather@example.com",
  phone: "+44 20 7946 0991",
  address1: "17 Larkspur Lane",
};

type Customer = {
  id: string;
  firstName: string | null;
  lastName: string | null;
  defaultEmailAddress: { emailAddress: string } | null;
};

let stack: Stack;
let database: pg.Client;
let people: Needles;
let customers: Customer[];

async function control(route: string, body: object): Promise<{ id: string }> {
  const response = await fetch(`${stack.simulatorUrl}/__simulator/${route}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ shop: stack.shop, ...body }),
  });
  if (!response.ok) throw new Error(`${route}: ${await response.text()}`);
  return (await response.json()) as { id: string };
}

async function until(what: string, sql: string): Promise<void> {
  const end = Date.now() + 60_000;
  while ((await database.query(sql)).rowCount === 0) {
    if (Date.now() > end) throw new Error(`not within a minute: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function shopNameOf(ask: AdminApi): Promise<string> {
  const { shop } = (await ask("{ shop { name } }")) as { shop: { name: string } };
  return shop.name;
}

/** A complete installation: installed, scored, written, followed, data requested. */
beforeAll(async () => {
  rmSync(logs, { recursive: true, force: true });
  process.env.LOG_LEVEL = "debug";
  stack = await startStack({
    shop: "generated",
    customers: 400,
    database: "encore_test_personal_data",
    directory: logs,
    simulatorFlags: ["--seed", "5", "--plan", "enterprise", "--bulk-latency-ms", "20"],
  });
  stack.startWorker();
  database = new pg.Client(stack.databaseUrl);
  await database.connect();
  const ask = await openAdminApi(stack);
  const data = (await ask(
    `{ customers(first: 250) { nodes { id firstName lastName defaultEmailAddress { emailAddress } } } }`,
  )) as { customers: { nodes: Customer[] } };
  customers = data.customers.nodes;
  // A shop's name may contain a family name.
  const shopName = (await shopNameOf(ask)).toLowerCase();
  people = needlesOf([
    ...Object.values(jane),
    ...customers.flatMap(({ firstName, lastName, defaultEmailAddress }) => [
      `${firstName ?? ""} ${lastName ?? ""}`,
      shopName.includes((lastName ?? "").toLowerCase()) ? null : lastName,
      defaultEmailAddress?.emailAddress,
    ]),
  ]);
  const merchant = new Merchant(stack);
  await merchant.open();
  await follow(merchant, "score", () => undefined);
  await merchant.agreeToWriting();
  await follow(merchant, "write", () => undefined);

  const customerId = numberOf(customers[0]!);
  const { id } = await control("orders", { customerId, amount: 10 });
  await control(`orders/${id}/refund`, { amount: 5 });
  // As Shopify sends it, with all contact data of the customer.
  const about = {
    ...{ shop_id: 1, shop_domain: stack.domain, data_request: { id: 1 } },
    customer: { ...jane, id: Number(customerId) },
  };
  for (const topic of ["customers/data_request", "orders/create", "refunds/create"]) {
    const order = {
      id: Number(id),
      order_id: Number(id),
      admin_graphql_api_id: `gid://shopify/Order/${id}`,
    };
    const body = { ...order, ...about, ...jane, billing_address: jane, shipping_address: jane };
    await control("webhooks", { topic, body });
  }
  await until("the report", "select 1 from privacy_reports");
  await until(
    "no webhook is unread",
    `select 1 where not exists (
    select 1 from webhook_inbox where handled_at is null and topic <> 'bulk_operations/finish')`,
  );
}, 240_000);

afterAll(async () => {
  if (level === undefined) delete process.env.LOG_LEVEL;
  else process.env.LOG_LEVEL = level;
  await database.end();
  await stack.stop();
});

const numberOf = ({ id }: Customer) => id.slice(id.lastIndexOf("/") + 1);

describe("after an import, scores, writes, webhooks and a request for data", () => {
  it("no table holds a name, an address, an e-mail or a phone number", async () => {
    expect(customers.length).toBeGreaterThan(200);
    expect(await personalDataIn(database, people)).toEqual([]);
  });

  it("no log does either", () => {
    const files = readdirSync(logs).filter((file) => /^(web|worker)/.test(file));
    expect(files.length).toBe(2);
    for (const file of files) {
      const text = readFileSync(path.join(logs, file), "utf8");
      expect(text.length).toBeGreaterThan(0);
      expect({ file, found: people.search(text) }).toEqual({ file, found: [] });
    }
  });
});

describe("the search for personal data", () => {
  it("finds it in text, in JSON, in compressed bytes and in the queue", async () => {
    await database.query("begin");
    const shop = stack.domain;
    await database.query(
      "insert into progress (shop, task, state, error_code) values ($1, 'x', 'x', $2)",
      [shop, `to ${jane.email}.`],
    );
    await database.query("update privacy_reports set held = $1", [
      JSON.stringify({ note: `call ${jane.phone}!` }),
    ]);
    await database.query(
      `insert into write_batches (shop, id, kind, state, line_count, lines)
       values ($1, 'x', 'x', 'x', 1, $2)`,
      [shop, gzipSync(`{"customer":"${jane.first_name} ${jane.last_name}"}`)],
    );
    await database.query("insert into pgboss.job (name, data) values ('orders.follow', $1)", [
      JSON.stringify({ to: jane.address1.toUpperCase() }),
    ]);
    const found = await personalDataIn(database, people);
    await database.query("rollback");
    expect(found).toEqual([
      "pgboss.job_common: 17 larkspur lane",
      "public.privacy_reports: +44 20 7946 0991",
      "public.progress: janeth.quillfeather@example.com",
      "public.write_batches: janeth",
      "public.write_batches: quillfeather",
    ]);
  });
});
