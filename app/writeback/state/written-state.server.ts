import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { inTransaction } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { readErased } from "#app/orders/customers/erased-customers.server.ts";
import { type MetafieldKey, metafieldKeys } from "#app/writeback/plan/metafields.ts";
import type { Write } from "#app/writeback/plan/writes.ts";

import { doubtful } from "./diff-statements.ts";

/** Writes recorded in one transaction. */
const PAGE = 5_000;

const RECORDS = `jsonb_to_recordset($2::jsonb) as r(customer_id text, add text[], remove text[],
  clv_tier text, buy_tier text, expected_spend text, buy_probability text, next_order_from text,
  next_order_to text, scored_at text, unset text[], spent_minor bigint)`;

const UNION = "select distinct t from unnest(w.tags || r.add) t";

/**
 * Upserts customers' rows, computed from their current ones (`w`, all null where there is none).
 * Only under the written-state lock, so that what is read of a row is still true when it is
 * written.
 */
function upsert(columns: Record<string, string>): string {
  const names = Object.keys(columns);
  return `
  insert into written_states (shop, customer_id, ${names.join(", ")})
  select $1, r.customer_id, ${Object.values(columns).join(",\n    ")}
    from ${RECORDS}
    left join written_states w on w.shop = $1 and w.customer_id = r.customer_id
  on conflict (shop, customer_id) do update set
    ${names.map((name) => `${name} = excluded.${name}`).join(", ")}`;
}

function valuesBy(value: (key: MetafieldKey) => string): Record<string, string> {
  return Object.fromEntries(metafieldKeys.map((key) => [key, value(key)]));
}

const written = upsert({
  tags: `array(${UNION} where t <> all(r.remove) order by t)`,
  doubtful: `array(select t from unnest(${doubtful}) t where t <> all(r.add || r.remove))`,
  unsure: "false",
  ...valuesBy((key) => `case when '${key}' <> all(r.unset) then coalesce(r.${key}, w.${key}) end`),
  spent_minor: "coalesce(r.spent_minor, w.spent_minor)",
  written_at: "now()",
});

const anyValue = metafieldKeys.map((key) => `r.${key}`).join(", ");
const sent = upsert({
  tags: `array(${UNION} order by t)`,
  // Adding a tag that is certainly present does not make it doubtful.
  doubtful: `array(select distinct t from unnest(${doubtful} || r.add || r.remove) t
    where t = any(${doubtful} || r.remove) or t <> all(coalesce(w.tags, '{}')) order by t)`,
  unsure: "false",
  ...valuesBy((key) => `coalesce(r.${key}, w.${key})`),
  spent_minor: `case when coalesce(${anyValue}) is null and r.unset = '{}' then w.spent_minor end`,
});

/**
 * Records writes that Shopify confirmed; at most one for each customer.
 *
 * @throws when the signal is aborted: a worker that lost its lock must not overwrite what another
 * has recorded since
 */
export async function recordWritten(
  shop: ShopDomain,
  writes: readonly Write[],
  signal?: AbortSignal,
): Promise<void> {
  await record(shop, writes, { statement: written, signal });
}

/**
 * Records writes, at most one for each customer, that may have happened: they are about to be sent
 * by direct calls, or their outcome was lost. Their tags become doubtful, added or removed, and
 * their values count as written; the figures are planned again.
 *
 * @throws when the signal is aborted
 */
export async function recordSent(
  shop: ShopDomain,
  writes: readonly Write[],
  signal?: AbortSignal,
): Promise<void> {
  await record(shop, writes, { statement: sent, signal });
}

/**
 * Records what was found in Shopify as written state.
 *
 * @returns what was found on erased customers, who are not stored
 */
export async function recordExisting(shop: ShopDomain, found: readonly Write[]): Promise<Write[]> {
  return inTransaction(async (client) => {
    const isErased = await readErased(client, shop);
    const held = found.filter(({ customerId }) => !isErased(customerId));
    await keep(client, shop, { writes: held, statement: written });
    return found.filter(({ customerId }) => isErased(customerId));
  });
}

async function record(
  shop: ShopDomain,
  writes: readonly Write[],
  { statement, signal }: { statement: string; signal: AbortSignal | undefined },
): Promise<void> {
  for (let start = 0; start < writes.length; start += PAGE) {
    const page = writes.slice(start, start + PAGE);
    await inTransaction(async (client) => {
      await keep(client, shop, { writes: page, statement });
      // Checked last: while this waited for the database, the connection with our task lock may
      // have broken.
      signal?.throwIfAborted();
    });
  }
}

async function keep(
  client: pg.PoolClient,
  shop: ShopDomain,
  { writes, statement }: { writes: readonly Write[]; statement: string },
): Promise<void> {
  const page = JSON.stringify(writes.map(asRecord));
  await takeLock(client, "written-state", shop);
  await client.query(statement, [shop, page]);
}

function asRecord(write: Write) {
  return {
    customer_id: write.customerId,
    add: write.add ?? [],
    remove: write.remove ?? [],
    ...write.set,
    unset: write.unset ?? [],
    spent_minor: write.spentMinor ?? null,
  };
}
