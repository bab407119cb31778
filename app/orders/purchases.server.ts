import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";

import { pool } from "#app/db.server.ts";
import { customerId, type CustomerId, type ShopDomain } from "#app/ids.ts";
import { LineSplitter } from "#app/shopify/line-splitter.ts";
import type { Purchases } from "#engine";

import { leftOutReasons, type Basis } from "./basis.ts";
import { PurchaseTable } from "./purchase-table.ts";

export type LoadedPurchases = {
  purchases: Purchases;
  /** By dense customer index. */
  customerIds: CustomerId[];
  basis: Basis;
};

/** Orders beside the customers who are not to be scored; `shop` is a parameter or a literal. */
const ordersOf = (shop: string) => `orders left join (
    select distinct customer_id as excluded from excluded_customers where shop = ${shop}
  ) e on excluded = customer_id`;

/** An order that would count, if its customer does. */
const OF_CUSTOMER = "left_out is null and customer_id is not null";
/** What counts, and by whom. */
const COUNTED = `${OF_CUSTOMER} and excluded is null`;

/**
 * Every purchase day of every customer of a shop, and what the figures rest on, as of one moment.
 * Grouped by the database and streamed into typed arrays: memory grows by 16 bytes per purchase
 * day and one id per customer, never by an object per order.
 */
export async function loadPurchases(shop: ShopDomain): Promise<LoadedPurchases> {
  const client = await pool.connect();
  try {
    // Both readings see the same orders, whatever an import does meanwhile.
    await client.query("begin transaction isolation level repeatable read read only");
    const basis = await queryBasis(client, shop);
    const table = await streamPurchases(client, shop);
    await client.query("commit");
    client.release();
    return { ...table.finish(), basis };
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** The purchase days of some customers, as they are to `client`: those without any are left out. */
export async function loadPurchasesOf(
  client: pg.PoolClient,
  shop: ShopDomain,
  customerIds: readonly CustomerId[],
): Promise<Pick<LoadedPurchases, "purchases" | "customerIds">> {
  const table = await streamPurchases(client, shop, customerIds);
  return table.finish();
}

/** What the figures would rest on now. */
export function readBasis(shop: ShopDomain): Promise<Basis> {
  return queryBasis(pool, shop);
}

async function streamPurchases(
  client: pg.PoolClient,
  shop: ShopDomain,
  only?: readonly CustomerId[],
): Promise<PurchaseTable> {
  const table = new PurchaseTable();
  const splitter = new LineSplitter();
  // COPY takes no parameters.
  const literal = client.escapeLiteral(shop);
  const those =
    only === undefined ? "" : `and customer_id = any(${client.escapeLiteral(`{${only.join()}}`)})`;
  const stream = client.query(
    copyTo(
      `copy (select customer_id, day - date '1970-01-01', sum(amount_minor)
               from ${ordersOf(literal)} where shop = ${literal} and ${COUNTED} ${those}
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
  excluded_customers: string;
  excluded_orders: string;
  first_day: string | null;
  last_day: string | null;
} & Record<string, string | null>;

async function queryBasis(client: pg.Pool | pg.PoolClient, shop: ShopDomain): Promise<Basis> {
  const reasons = leftOutReasons.map(
    (reason) => `count(*) filter (where left_out = '${reason}') as ${reason}`,
  );
  const result = await client.query<BasisRow>(
    `select count(*) as orders,
            count(*) filter (where ${COUNTED}) as counted,
            count(*) filter (where left_out is null and customer_id is null) as guests,
            count(distinct excluded) filter (where ${OF_CUSTOMER}) as excluded_customers,
            count(excluded) filter (where ${OF_CUSTOMER}) as excluded_orders,
            (min(day) filter (where ${COUNTED}))::text as first_day,
            (max(day) filter (where ${COUNTED}))::text as last_day,
            ${reasons.join(", ")}
       from ${ordersOf("$1")} where shop = $1`,
    [shop],
  );
  const row = result.rows[0];
  return {
    orders: Number(row?.orders ?? 0),
    countedOrders: Number(row?.counted ?? 0),
    guestOrders: Number(row?.guests ?? 0),
    leftOut: leftOutReasons.map((reason) => ({ reason, orders: Number(row?.[reason] ?? 0) })),
    excluded: {
      customers: Number(row?.excluded_customers ?? 0),
      orders: Number(row?.excluded_orders ?? 0),
    },
    firstDay: row?.first_day ?? null,
    lastDay: row?.last_day ?? null,
  };
}
