import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";

import { now } from "#app/lib/clock.server.ts";
import { pool } from "#app/lib/db.server.ts";
import { type CustomerId, customerId, type ShopDomain } from "#app/lib/ids.ts";
import { LineSplitter } from "#app/lib/line-splitter.ts";
import { orderExclusionReasons } from "#app/orders/store/normalise.ts";
import { leavesOut, readOrderRules, WORTH_NOTHING } from "#app/orders/store/order-rules.server.ts";
import { isNone, type OrderRules } from "#app/orders/store/order-rules.ts";
import type { Purchases } from "#engine";

import type { Basis, CountedTotals } from "./order-counts.ts";
import { PurchaseTable } from "./purchase-table.ts";

export type LoadedPurchases = {
  purchases: Purchases;
  /** By the customer index of `purchases`. */
  customerIds: CustomerId[];
  basis: Basis;
};

/** Orders joined with excluded customers; `shop` is an SQL parameter or literal. */
const ordersOf = (shop: string) => `orders left join (
    select distinct customer_id as excluded from excluded_customers where shop = ${shop}
  ) e on excluded = customer_id`;

/** Earlier days are taken for errors: hardly any shop sold online before. */
const FIRST_DAY = "1995-01-01";

/** SQL conditions that decide which of a shop's orders count. */
type Counting = {
  /** Without an exclusion reason. */
  kept: string;
  /** On a possible day. */
  possible: string;
  /** Left out by one of the merchant's rules. */
  ruled: string;
  /** Counts unless its customer is excluded. */
  ofCustomer: string;
  counted: string;
  rules: OrderRules;
};

/**
 * A test order without another exclusion reason, which the stored reason `test` would hide.
 *
 * @param worth condition on its amount
 */
const keptTest = (worth: string) => `left_out = 'test' and cancelled_at is null and ${worth}
  and coalesce(financial_status, '') not in ('VOIDED', 'EXPIRED')`;

/**
 * Test orders count in a development store, which has no others. Days count from FIRST_DAY to
 * tomorrow in the shop's zone. Orders worth nothing count if the merchant wants so. All this is
 * decided at each reading, since a development store may become a live one, an order dated in the
 * future may count tomorrow, and rules change.
 *
 * @param rules by default the merchant's
 */
async function readCounting(
  client: pg.Pool | pg.PoolClient,
  shop: ShopDomain,
  tried?: OrderRules,
): Promise<Counting> {
  const rules = tried ?? (await readOrderRules(shop, client));
  const { rows } = await client.query<{ last: string; development_store: boolean }>(
    `select (($2::timestamptz at time zone coalesce(orders_time_zone, time_zone))::date + 1)::text
              as last, development_store
       from shops where shop = $1`,
    [shop, now()],
  );
  const tests = rows[0]?.development_store === true;
  const worth = rules.countZero ? `(amount_minor > 0 or ${WORTH_NOTHING})` : "amount_minor > 0";
  const kept = [
    "left_out is null",
    ...(rules.countZero ? [`left_out = 'zero' and ${WORTH_NOTHING}`] : []),
    ...(tests ? [keptTest(worth)] : []),
  ];
  const either = `(${kept.map((one) => `(${one})`).join(" or ")})`;
  const possible = `day between '${FIRST_DAY}' and '${rows[0]?.last ?? "infinity"}'`;
  const ruled = leavesOut(rules);
  const ofCustomer = `${either} and ${possible} and not ${ruled} and customer_id is not null`;
  const counted = `${ofCustomer} and excluded is null`;
  return { kept: either, possible, ruled, ofCustomer, counted, rules };
}

/**
 * All purchase days of a shop's customers, and the order counts, from one snapshot. Grouped by the
 * database and streamed into typed arrays: 16 bytes per purchase day and one id per customer, no
 * object per order.
 */
export async function loadPurchases(shop: ShopDomain): Promise<LoadedPurchases> {
  const client = await pool.connect();
  try {
    // Both queries see the same orders while an import writes.
    await client.query("begin transaction isolation level repeatable read read only");
    const counting = await readCounting(client, shop);
    const basis = await queryBasis(client, shop, counting);
    const table = await streamPurchases(client, shop, counting);
    await client.query("commit");
    client.release();
    return { ...table.finish(), basis };
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/**
 * The purchase days of some customers, in the caller's transaction. Customers without any are left
 * out.
 */
export async function loadPurchasesOf(
  client: pg.PoolClient,
  shop: ShopDomain,
  customerIds: readonly CustomerId[],
): Promise<Pick<LoadedPurchases, "purchases" | "customerIds">> {
  const { counted } = await readCounting(client, shop);
  // COPY takes no parameters.
  const those = `customer_id = any(${client.escapeLiteral(`{${customerIds.join()}}`)})`;
  const table = await streamPurchases(client, shop, { counted: `${counted} and ${those}` });
  return table.finish();
}

/** The current order counts. */
export async function readBasis(shop: ShopDomain): Promise<Basis> {
  return queryBasis(pool, shop, await readCounting(pool, shop));
}

/** What counts now, and what would count with other rules. Reads all orders of the shop. */
export async function compareRules(
  shop: ShopDomain,
  tried: OrderRules,
): Promise<{ now: CountedTotals; then: CountedTotals }> {
  const [now, then] = [await readCounting(pool, shop), await readCounting(pool, shop, tried)];
  const { rows } = await pool.query<Record<"o_now" | "o_then" | "c_now" | "c_then", string>>(
    `select sum(now) as o_now, sum(after) as o_then,
            count(*) filter (where now > 0) as c_now, count(*) filter (where after > 0) as c_then
       from (select count(*) filter (where ${now.counted}) as now,
                    count(*) filter (where ${then.counted}) as after
               from ${ordersOf("$1")} where shop = $1 and customer_id is not null
              group by customer_id) each`,
    [shop],
  );
  const count = (name: "o_now" | "o_then" | "c_now" | "c_then") => Number(rows[0]?.[name] ?? 0);
  return {
    now: { orders: count("o_now"), customers: count("c_now") },
    then: { orders: count("o_then"), customers: count("c_then") },
  };
}

/** Whether the customer has an order that counts unless the customer is excluded. */
export async function hasCountedOrder(shop: ShopDomain, customer: CustomerId): Promise<boolean> {
  const { ofCustomer } = await readCounting(pool, shop);
  const { rowCount } = await pool.query(
    `select 1 from orders where shop = $1 and customer_id = $2 and ${ofCustomer} limit 1`,
    [shop, customer],
  );
  return rowCount !== 0;
}

/** Ids of the customer's orders that count unless the customer is excluded. */
export async function countedOrders(
  client: pg.PoolClient,
  shop: ShopDomain,
  customer: string,
): Promise<Set<string>> {
  const { ofCustomer } = await readCounting(client, shop);
  const { rows } = await client.query<{ order_id: string }>(
    `select order_id from orders where shop = $1 and customer_id = $2 and ${ofCustomer}`,
    [shop, customer],
  );
  return new Set(rows.map(({ order_id }) => order_id));
}

async function streamPurchases(
  client: pg.PoolClient,
  shop: ShopDomain,
  { counted }: Pick<Counting, "counted">,
): Promise<PurchaseTable> {
  const table = new PurchaseTable();
  const splitter = new LineSplitter();
  const literal = client.escapeLiteral(shop);
  const stream = client.query(
    copyTo(
      `copy (select customer_id, day - date '1970-01-01', sum(amount_minor)
               from ${ordersOf(literal)} where shop = ${literal} and ${counted}
              group by customer_id, day order by customer_id collate "C", day) to stdout`,
    ),
  );
  for await (const chunk of stream) {
    for (const line of splitter.push(chunk as Buffer)) addLine(table, line);
  }
  return table;
}

function addLine(table: PurchaseTable, line: string): void {
  const [customer = "", day = "", amount = ""] = line.split("\t");
  table.add(customerId(customer), Number(day), Number(amount));
}

type BasisRow = {
  orders: string;
  counted: string;
  guests: string;
  tests: string;
  excluded_customers: string;
  excluded_orders: string;
  first_day: string | null;
  last_day: string | null;
} & Record<string, string | null>;

async function queryBasis(
  client: pg.Pool | pg.PoolClient,
  shop: ShopDomain,
  { kept, possible, ruled, ofCustomer, counted, rules }: Counting,
): Promise<Basis> {
  const reasons = orderExclusionReasons.map(
    (reason) => `count(*) filter (where left_out = '${reason}' and not ${kept}) as ${reason}`,
  );
  const result = await client.query<BasisRow>(
    `select count(*) as orders,
            count(*) filter (where ${counted}) as counted,
            count(*) filter (where ${kept} and ${possible} and not ${ruled} and customer_id is null)
              as guests,
            count(*) filter (where ${counted} and test) as tests,
            count(*) filter (where ${kept} and not (${possible})) as date,
            count(*) filter (where ${kept} and ${possible} and ${ruled}) as rule,
            count(distinct excluded) filter (where ${ofCustomer}) as excluded_customers,
            count(excluded) filter (where ${ofCustomer}) as excluded_orders,
            (min(day) filter (where ${counted}))::text as first_day,
            (max(day) filter (where ${counted}))::text as last_day,
            ${reasons.join(", ")}
       from ${ordersOf("$1")} where shop = $1`,
    [shop],
  );
  const row = result.rows[0];
  return {
    orders: Number(row?.orders ?? 0),
    countedOrders: Number(row?.counted ?? 0),
    guestOrders: Number(row?.guests ?? 0),
    leftOut: [...orderExclusionReasons, "date" as const, "rule" as const].map((reason) => ({
      reason,
      orders: Number(row?.[reason] ?? 0),
    })),
    excluded: {
      customers: Number(row?.excluded_customers ?? 0),
      orders: Number(row?.excluded_orders ?? 0),
    },
    countedTests: Number(row?.tests ?? 0),
    ...(isNone(rules) ? {} : { rules }),
    firstDay: row?.first_day ?? null,
    lastDay: row?.last_day ?? null,
  };
}
