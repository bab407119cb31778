import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

import { simulateStore } from "#engine";

/** A shop after its install and import, before its first scoring. */
export type BenchShop = { shop: string; customers: number; orders: number };

const DAY_MS = 86_400_000;
const HISTORY_DAYS = 1_280;
const FIRST_CUSTOMER = 7_000_000_000_000;
const LINES_PER_CHUNK = 5_000;

/** The id of a shop's customer with that index. */
export function customerIdOf(number: number): string {
  return String(FIRST_CUSTOMER + number);
}

function* orderLines(shop: string, { customers, seed }: { customers: number; seed: number }) {
  const endDay = Math.floor(Date.now() / DAY_MS);
  const span = { startDay: endDay - HISTORY_DAYS, endDay };
  const { purchases } = simulateStore({ seed, customers, ...span, acquisition: "growing" });
  const { customer, day, amount } = purchases;
  let lines: string[] = [];
  for (let row = 0; row < day.length; row += 1) {
    const at = new Date((day[row] ?? 0) * DAY_MS + 43_200_000).toISOString();
    const cents = Math.max(1, Math.round((amount[row] ?? 0) * 100));
    const who = customerIdOf(customer[row] ?? 0);
    lines.push(
      `${shop}\t${1 + row}\t${who}\t${at}\t${at}\t${at.slice(0, 10)}\t${cents}\tPAID\tf\tweb\t{}\n`,
    );
    if (lines.length < LINES_PER_CHUNK) continue;
    yield lines.join("");
    lines = [];
  }
  yield lines.join("");
}

/** Reconstructed weeks, which the first scoring run also scores. */
const WEEKS = 13;

type ShopOptions = {
  customers: number;
  seed: number;
  /** The reconstructed weeks exist already, so that the first scoring equals a nightly one. */
  weeksDone?: boolean;
};

/** Puts a generated shop into the database as if it had been installed and imported. */
export async function putShop(
  client: pg.Client,
  shop: string,
  options: ShopOptions,
): Promise<BenchShop> {
  const stream = client.query(
    copyFrom(
      `copy orders (shop, order_id, customer_id, processed_at, updated_at, day, amount_minor,
         financial_status, test, channel, tags) from stdin`,
    ),
  );
  await pipeline(Readable.from(orderLines(shop, options)), stream);
  const orders = stream.rowCount;
  await client.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
     values ($1, '1', 'Bench', 'EUR', 'UTC', true)`,
    [shop],
  );
  await client.query(
    `insert into order_imports (shop, id, state, object_count, finished_at)
     values ($1, gen_random_uuid(), 'done', $2, now())`,
    [shop, orders],
  );
  await client.query(
    `insert into sessions (id, shop, state, access_token) values ('offline_' || $1, $1, '', 'x')`,
    [shop],
  );
  if (options.weeksDone === true) {
    await client.query(
      `insert into scoring_runs (shop, id, as_of, reconstructed, outcome, engine_version,
         horizon_days, gate, basis, input_digest)
       select $1, week, (now() at time zone 'UTC')::date + 1 - 7 * week, true, 'refused', '', 90,
              '[]', '{}', '' from generate_series(1, $2) as week`,
      [shop, WEEKS],
    );
  }
  return { shop, customers: options.customers, orders };
}
