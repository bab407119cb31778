import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { pool, prisma } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import { customerId, type ShopDomain } from "#app/lib/ids.ts";
import { type LatestRun, readLatestRun } from "#app/scoring/store/latest-run.server.ts";
import { readTierRows } from "#app/scoring/store/tier-totals.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import {
  type FoundCustomers,
  searchCustomers,
} from "#app/shopify/resources/customer-search.server.ts";
import { readNames } from "#app/shopify/resources/customers.server.ts";
import { axes, tiers } from "#engine";

import { type CustomersView, DUE_DAYS, listed, type NamesAnswer, pageOf } from "./customers.ts";
import {
  type CustomersQuery,
  MOVED_DAYS,
  numberSearched,
  tiersOf,
  viewMoves,
  WEEK_DAYS,
} from "./customers-query.ts";
import { conditionsOf, type Only, readRows, Values, type Wanted } from "./customers-rows.server.ts";

export type CustomersAnswer =
  | { kind: "importing" }
  /** The gate refused the store: there are no predictions. */
  | { kind: "refused" }
  | { kind: "scored"; list: CustomersView };

/**
 * Reads a page of the list, and the totals of the whole list.
 *
 * @throws AppError when customers are searched by words and Shopify cannot be used
 */
export async function readCustomers(
  shop: ShopDomain,
  query: CustomersQuery,
): Promise<CustomersAnswer> {
  const [facts, run] = await Promise.all([
    prisma.shop.findUnique({ where: { shop } }),
    readLatestRun(shop),
  ]);
  if (!facts || !run) return { kind: "importing" };
  if (!run.scored) return { kind: "refused" };
  const found = query.search === null ? null : await search(shop, query.search);
  const wanted = { ...wantedOf(shop, query, run), among: found && found.ids };
  const [page, total] = await Promise.all([readPage(wanted, query), readTotal(wanted)]);
  const { currency } = facts;
  const { horizonDays } = run;
  const rows = page.rows.map((row) => listed(row, query.view));
  const more = found?.more ?? false;
  const list = { query, currency, horizonDays, total, more, ...page, rows };
  return { kind: "scored", list };
}

/** Asks Shopify for customers by words; a number is the customer's own, and known here. */
async function search(shop: ShopDomain, text: string): Promise<FoundCustomers> {
  const number = numberSearched(text);
  if (number !== null) return { ids: [number], more: false };
  return searchCustomers(adminClient(shop), text);
}

function wantedOf(
  shop: ShopDomain,
  query: CustomersQuery,
  { asOf }: LatestRun,
): Omit<Wanted, "among"> {
  const movedAfter = daysFrom(asOf, -MOVED_DAYS);
  return { shop, asOf, tiers: tiersOf(query), only: onlyOf(query, asOf), movedAfter };
}

function onlyOf({ view, week }: CustomersQuery, asOf: string): Only {
  const move = viewMoves[view];
  if (move) return { kind: "moved", move, after: daysFrom(asOf, -move.days) };
  if (view === "overdue") return { kind: "overdue" };
  if (view === "due") return { kind: "due", from: asOf, to: daysFrom(asOf, DUE_DAYS - 1) };
  if (week !== null) return { kind: "due", from: week, to: daysFrom(week, WEEK_DAYS - 1) };
  return null;
}

function daysFrom(day: string, days: number): string {
  return isoDay(dayNumber(day) + days);
}

async function readPage(wanted: Wanted, query: CustomersQuery) {
  const page = pageOf(await readRows(wanted, query), query.page);
  if (page) return page;
  const first = pageOf(await readRows(wanted, { ...query, page: null }), null);
  return first ?? { rows: [], previous: null, next: null };
}

type Total = CustomersView["total"];

/** Totals of tiers on one axis are stored; others are counted. */
async function readTotal(wanted: Wanted): Promise<Total> {
  const chosen = axes.filter((axis) => wanted.tiers[axis].length < tiers.length);
  const [axis = "clv", ...others] = chosen;
  const part = wanted.only !== null || wanted.among !== null;
  if (part || others.length > 0) return countTotal(wanted);
  const { axes: sums } = await readTierRows(wanted.shop);
  const rows = sums[axis].filter(({ tier }) => wanted.tiers[axis].includes(tier));
  return {
    customers: rows.reduce((sum, row) => sum + row.customers, 0),
    expectedSpendMinor: rows.reduce((sum, row) => sum + row.expectedSpendMinor, 0),
  };
}

async function countTotal(wanted: Wanted): Promise<Total> {
  const values = new Values();
  const { rows } = await pool.query<{ customers: number; expected: number }>(
    `select count(*)::int as customers, coalesce(sum(s.expected_spend_minor), 0) as expected
       from scores s where ${conditionsOf(wanted, values)}`,
    values.all,
  );
  const [row = { customers: 0, expected: 0 }] = rows;
  return { customers: row.customers, expectedSpendMinor: Math.round(row.expected) };
}

/**
 * The names of the customers on a page, read from Shopify and never stored. A failure is returned, since
 * the page has been sent already.
 *
 * @throws AppError when Shopify accepts no token of the shop any more
 */
export async function readPageNames(shop: ShopDomain, ids: string[]): Promise<NamesAnswer> {
  if (ids.length === 0) return { kind: "names", names: {} };
  try {
    const names = await readNames(adminClient(shop), ids.map(customerId));
    return { kind: "names", names: Object.fromEntries(names) };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "shopify-unauthorized") throw error;
    return { kind: "failed", code: error.code };
  }
}
