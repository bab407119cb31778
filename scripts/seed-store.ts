// Fills a development store with customers and orders of the past year, so that there is something to
// score, and removes them again. It needs a token in SEED_STORE_TOKEN, of an app in that store with the
// scopes write_orders and write_customers; the token is not stored.
//   npm run seed-store -- --shop NAME                    creates 150 customers and their orders
//   npm run seed-store -- --shop NAME --customers 60 --seed 2
//   npm run seed-store -- --shop NAME --remove           removes everything that it created
import "#runtime/fit-node.mjs";

import path from "node:path";
import { parseArgs } from "node:util";

import { isShopDomain } from "#app/lib/ids.ts";

import { drawStore } from "./seed-store/draw.ts";
import { openNotes } from "./seed-store/notes.ts";
import { type Progress, remove, seed } from "./seed-store/seed.ts";
import { openStore, Refusal } from "./seed-store/store-api.ts";
import { root } from "./stack/processes.ts";

const USAGE = `usage: SEED_STORE_TOKEN=… npm run seed-store -- --shop NAME [--customers 150] [--seed 1]
       SEED_STORE_TOKEN=… npm run seed-store -- --shop NAME --remove`;
const DAY_MS = 86_400_000;
/** Shopify's limit for a development store. */
const ORDERS_PER_MINUTE = 5;

function fail(message: string): never {
  console.error(`${message}\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  const options = {
    shop: { type: "string" },
    customers: { type: "string", default: "150" },
    seed: { type: "string", default: "1" },
    remove: { type: "boolean", default: false },
  } as const;
  try {
    const { values } = parseArgs({ options });
    const domain = `${(values.shop ?? "").replace(/\.myshopify\.com$/, "")}.myshopify.com`;
    if (!isShopDomain(domain)) {
      return fail(`--shop takes a name or name.myshopify.com; found "${values.shop ?? ""}"`);
    }
    const customers = whole("customers", values.customers, 10_000);
    return {
      domain,
      run: { customers, seed: whole("seed", values.seed, 999_999) },
      shouldRemove: values.remove,
    };
  } catch (error) {
    return fail(error instanceof Error ? error.message : "Invalid arguments");
  }
}

function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  return fail(`--${name} takes a whole number from 1 to ${most}; found "${text}"`);
}

const { domain, run, shouldRemove } = readArguments();
const token = process.env.SEED_STORE_TOKEN;
if (!token) fail("SEED_STORE_TOKEN is not set: an access token with write_orders, write_customers");

const api = openStore({
  domain,
  token,
  simulatedUrl: process.env.SIMULATED_SHOPIFY_URL,
  waitMs: 60_000 / ORDERS_PER_MINUTE,
});
const notes = openNotes(path.join(root, ".data", "seed-store", domain));
let lastLine = "";
const progress: Progress = (done, total, what) => {
  const line = `${done} of ${total} ${what}`;
  // On a terminal one updated line; in a log every tenth.
  if (process.stdout.isTTY) process.stdout.write(`\r${line}${done === total ? "\n" : ""}`);
  else if ((done % 10 === 0 || done === total) && line !== lastLine) console.log(line);
  lastLine = line;
};

try {
  if (shouldRemove) {
    const { orders, customers } = await remove({ api, notes, progress });
    console.log(`${domain}: ${orders} orders and ${customers} customers removed, none left`);
  } else {
    const today = Math.floor(Date.now() / DAY_MS);
    const orders = drawStore({ ...run, endDay: today }).orders.length;
    const minutes = Math.ceil(orders / ORDERS_PER_MINUTE);
    console.log(
      `${domain}: ${run.customers} customers, about ${orders} orders; Shopify accepts ${ORDERS_PER_MINUTE} a minute: about ${minutes} minutes. You can interrupt it; the next run continues.`,
    );
    await seed(run, today, { api, notes, progress });
    console.log(`${domain}: done. Open Encore there; \`--remove\` deletes all of it again.`);
  }
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(`${domain}: ${error.message}`);
  process.exitCode = 1;
}
