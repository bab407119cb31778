import type pg from "pg";

import { shopCalendar } from "#app/lib/calendar.ts";
import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { currencyDigits, digitsStored } from "#app/lib/money.ts";
import { enqueue } from "#app/queue/queue.server.ts";

import type { ShopUnits } from "./normalise.ts";
import { isImported } from "./order-imports.server.ts";

/** The time zone and currency in which a shop's orders are stored. */
export type OrderUnits = {
  /** IANA name; of the purchase days. */
  timeZone: string;
  /** ISO 4217; amounts are in its minor units. */
  currency: string;
  /** Decimals of the minor unit. Stored, since sources disagree and change. */
  digits: number;
};

/** The units in the form that normalising needs. */
export function shopUnitsOf({ timeZone, digits }: OrderUnits): ShopUnits {
  return { dayOf: shopCalendar(timeZone), digits };
}

type Row = Omit<OrderUnits, "digits"> & {
  ordersTimeZone: string;
  ordersCurrency: string;
  ordersDigits: number | null;
};

/**
 * Locks the shop's row until the transaction ends, so that no other transaction stores its orders
 * or changes their units.
 */
async function lockUnits(client: pg.PoolClient, shop: ShopDomain): Promise<Row> {
  const { rows } = await client.query<Row>(
    `select time_zone as "timeZone", currency,
            coalesce(orders_time_zone, time_zone) as "ordersTimeZone",
            coalesce(orders_currency, currency) as "ordersCurrency",
            orders_currency_digits as "ordersDigits"
       from shops where shop = $1 for update`,
    [shop],
  );
  if (rows[0] === undefined) throw new Error(`${shop} is not installed`);
  return rows[0];
}

/** When the time zone has changed, recomputes every order's day in one statement and enqueues a scoring. */
async function recomputeDays(client: pg.PoolClient, shop: ShopDomain, row: Row): Promise<void> {
  const { timeZone, ordersTimeZone } = row;
  if (timeZone !== ordersTimeZone) {
    const { rowCount } = await client.query(
      `update orders set day = (processed_at at time zone $2)::date
        where shop = $1 and day <> (processed_at at time zone $2)::date`,
      [shop, timeZone],
    );
    await enqueue("scoring.run", { shop }, { client });
    log.info(
      { shop, from: ordersTimeZone, to: timeZone, orders: rowCount },
      "recomputed the days of orders in another time zone",
    );
  }
  await client.query("update shops set orders_time_zone = $2 where shop = $1", [shop, timeZone]);
}

/** The units of a new import: from now on orders are stored in the shop's current ones. */
export async function beginImportUnits(shop: ShopDomain): Promise<OrderUnits> {
  return inTransaction(async (client) => {
    const row = await lockUnits(client, shop);
    await recomputeDays(client, shop, row);
    const { timeZone, currency } = row;
    const digits = currencyDigits(currency);
    await client.query(
      "update shops set orders_currency = currency, orders_currency_digits = $2 where shop = $1",
      [shop, digits],
    );
    return { timeZone, currency, digits };
  });
}

/** The units of an import that is resumed: those it began with. */
export async function unitsOfImport(shop: ShopDomain): Promise<OrderUnits> {
  return inTransaction(async (client) => {
    const { ordersTimeZone, ordersCurrency, ordersDigits } = await lockUnits(client, shop);
    const digits = ordersDigits ?? currencyDigits(ordersCurrency);
    return { timeZone: ordersTimeZone, currency: ordersCurrency, digits };
  });
}

/**
 * Converts the stored orders to the shop's current units. Days are recomputed; when the currency or
 * its digits changed, a new import is enqueued, since only Shopify knows the amounts.
 *
 * @returns null while orders are not all imported
 */
export async function currentUnits(shop: ShopDomain): Promise<OrderUnits | null> {
  return inTransaction(async (client) => {
    const row = await lockUnits(client, shop);
    if (!(await isImported(shop, client))) return null;
    await recomputeDays(client, shop, row);
    const { timeZone, currency, ordersCurrency, ordersDigits } = row;
    const digits = currencyDigits(currency);
    const stored = digitsStored(ordersCurrency, ordersDigits);
    if (currency === ordersCurrency && digits === stored) return { timeZone, currency, digits };
    const [from, to] = [`${ordersCurrency}/${stored ?? "?"}`, `${currency}/${digits}`];
    log.info({ shop, from, to }, "currency or digits changed: importing orders again");
    await enqueue("orders.import", { shop }, { client });
    return null;
  });
}

/**
 * Whether orders that were converted with these units may still be stored: the shop's settings may
 * have changed while they were fetched. To be called in the transaction that stores them.
 *
 * @param lock `no key update` where the same transaction updates the shop's row later: two
 * transactions that first share the lock and then both want to update would deadlock
 */
export async function areUnitsCurrent(
  client: pg.PoolClient,
  shop: ShopDomain,
  { timeZone, currency, digits, lock = "share" }: OrderUnits & { lock?: "share" | "no key update" },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `select 1 from shops where shop = $1 and coalesce(orders_time_zone, time_zone) = $2
        and coalesce(orders_currency, currency) = $3
        and coalesce(orders_currency_digits, $4) = $4 for ${lock}`,
    [shop, timeZone, currency, digits],
  );
  return rowCount !== 0;
}

/**
 * Whether the app may read more history now than when the last import, or the current one, began.
 */
export async function hasMoreHistory(shop: ShopDomain): Promise<boolean> {
  const { rows } = await pool.query<{ more: boolean }>(
    `select s.full_history and coalesce(not i.full_history, false) as more
       from shops s join lateral (
         select full_history from order_imports
          where shop = s.shop and state <> 'failed' order by started_at desc limit 1) i on true
      where s.shop = $1`,
    [shop],
  );
  return rows[0]?.more ?? false;
}
