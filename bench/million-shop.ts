import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

import { simulateStore } from "#engine";

/** A million customers over these years place a little more than three million orders. */
const DAYS = 1_800;
const FIRST_CUSTOMER = 7_000_000_000_000;
const FIRST_ORDER = 5_000_000_000_000;
const DAY_MS = 86_400_000;
const ROWS_PER_PIECE = 5_000;

/** Reconstructed weeks that a first scoring adds. */
const WEEKS = 13;

export const millionShop = "million.myshopify.com";

/**
 * Puts a simulated store into an empty, migrated database, in the state after an import.
 *
 * @param endDay the day after its last, days since 1970-01-01
 * @returns the number of orders
 */
export async function storeMillionShop(
  databaseUrl: string,
  { customers, endDay }: { customers: number; endDay: number },
): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO shops (shop, shopify_id, name, currency, time_zone, full_history)
       VALUES ($1, '1', 'Million', 'EUR', 'Europe/Paris', true)`,
      [millionShop],
    );
    const columns = `shop, order_id, customer_id, processed_at, updated_at, day, amount_minor, test, tags`;
    const rows = copyFrom(`COPY orders (${columns}) FROM STDIN`);
    await pipeline(Readable.from(pieces(customers, endDay)), client.query(rows));
    await client.query("VACUUM ANALYZE orders");
    const { rows: counted } = await client.query<{ orders: number }>(
      "SELECT count(*)::int AS orders FROM orders",
    );
    return counted[0]?.orders ?? 0;
  } finally {
    await client.end();
  }
}

function* pieces(customers: number, endDay: number): Generator<string> {
  const { purchases } = simulateStore({
    seed: 7,
    customers,
    startDay: endDay - DAYS,
    endDay,
    acquisition: "growing",
  });
  const { customer, day, amount } = purchases;
  // In the order in which they were placed, as an export has them.
  const sequence = Uint32Array.from(day.keys()).sort((left, right) => day[left] - day[right]);
  let piece = "";
  for (const [index, row] of sequence.entries()) {
    const at = new Date(day[row] * DAY_MS + ((index * 7919) % 86_400) * 1000).toISOString();
    const cents = Math.max(1, Math.round(amount[row] * 100));
    piece += `${millionShop}\t${FIRST_ORDER + index}\t${FIRST_CUSTOMER + customer[row]}\t${at}\t${at}\t${at.slice(0, 10)}\t${cents}\tf\t{}\n`;
    if ((index + 1) % ROWS_PER_PIECE > 0 && index + 1 < sequence.length) continue;
    yield piece;
    piece = "";
  }
}

/** The reconstructed weeks are not measured here: they are marked as done. */
export async function leaveOutWeeks(databaseUrl: string, endDay: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  for (let week = 1; week <= WEEKS; week++) {
    await client.query(
      `INSERT INTO scoring_runs (shop, id, as_of, reconstructed, outcome, engine_version,
                                 horizon_days, gate, basis, input_digest)
       VALUES ($1, $2, $3, true, 'refused', '', 90, '[]', '{}', '')`,
      [millionShop, `week-${String(week)}`, isoDay(endDay - 7 * week)],
    );
  }
  await client.end();
}

export function isoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
