import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import type { DesiredOptions, ScoredCustomer } from "#app/writeback/plan/desired-state.ts";
import {
  type MetafieldKey,
  metafieldKeys,
  type MetafieldValues,
} from "#app/writeback/plan/metafields.ts";
import { nothingWritten, type WrittenState } from "#app/writeback/plan/plan-writes.ts";
import type { Tier } from "#engine";

import { diffPage, namedPage, pendingPage, writtenPageStatements } from "./diff-statements.ts";

/** A customer's score, from which the desired state follows, and written state. */
export type CustomerDiff = {
  customerId: string;
  score: ScoredCustomer | null;
  known: WrittenState;
  /** The customer's mark in `pending_writes`; only from {@link pendingPages}. */
  mark?: string;
};

/** A page takes a few megabytes; a million customers are 200 pages. */
const PAGE = 5_000;

/**
 * The range of failed attempts of the customers to select. Customers missing in Shopify are never
 * selected.
 */
export type Attempts = { atLeast: number; atMost: number };

/**
 * All customers who may have something to write, a page at a time: those whose score may differ
 * from the written state, and those with a written state but no score.
 */
export async function* diffPages(
  shop: ShopDomain,
  { today, currencyDigits }: Pick<DesiredOptions, "today" | "currencyDigits">,
  attempts: Attempts,
): AsyncGenerator<CustomerDiff[]> {
  const more = [today, currencyDigits];
  const last = yield* pagesOf(diffPage, { shop, attempts, more });
  yield* pagesOf(writtenPageStatements.unscored, { shop, attempts, from: last });
}

/** These customers, a page at a time; none when the shop has no scores. */
export async function* namedPages(
  shop: ShopDomain,
  customerIds: readonly string[],
  { atLeast, atMost }: Attempts,
): AsyncGenerator<CustomerDiff[]> {
  const sorted = [...customerIds].sort();
  for (let start = 0; start < sorted.length; start += PAGE) {
    const names = sorted.slice(start, start + PAGE);
    const { rows } = await pool.query<Row>(namedPage, [shop, names, PAGE, atLeast, atMost]);
    yield diffsOf(rows);
  }
}

/** The customers with pending writes, a page at a time. */
export function pendingPages(shop: ShopDomain, attempts: Attempts): AsyncGenerator<CustomerDiff[]> {
  return pagesOf(pendingPage, { shop, attempts });
}

/** The customers with a written state, treated as without a score. */
export function writtenPages(
  shop: ShopDomain,
  whose: "everyone" | "excluded",
  attempts: Attempts,
): AsyncGenerator<CustomerDiff[]> {
  return pagesOf(writtenPageStatements[whose], { shop, attempts });
}

type PagesOptions = { shop: ShopDomain; attempts: Attempts; from?: string; more?: unknown[] };

/**
 * Reads the next page while the caller works on the current one.
 *
 * @returns the last customer of all pages
 */
async function* pagesOf(
  statement: string,
  { shop, attempts: { atLeast, atMost }, from = "", more = [] }: PagesOptions,
): AsyncGenerator<CustomerDiff[], string> {
  const read = (after: string) =>
    pool.query<Row>(statement, [shop, after, PAGE, atLeast, atMost, ...more]);
  let seen = from;
  let next = read(seen);
  for (;;) {
    const { rows } = await next;
    const last = (rows.length === PAGE ? rows.at(-1)?.customer_id : rows[0]?.last) ?? null;
    if (last === null) return seen;
    seen = last;
    next = read(seen);
    // The caller may stop before this page, and then nobody awaits it.
    next.catch(() => undefined);
    const page = diffsOf(rows);
    if (page.length > 0) yield page;
  }
}

function diffsOf(rows: Row[]): CustomerDiff[] {
  return rows.flatMap((row) => (row.customer_id === null ? [] : [diffOf(row.customer_id, row)]));
}

type Row = Partial<Record<MetafieldKey, string | null>> & {
  /** The last customer of the page, selected or not; null when the page is empty. */
  last: string | null;
  /** Null when the page has no selected customer. */
  customer_id: string | null;
  score_clv: Tier | null;
  score_buy: Tier;
  expected_spend_minor: number;
  score_probability: number;
  score_from: string | null;
  score_to: string | null;
  score_spent: string;
  score_on: string | null;
  mark?: string;
  tags: string[] | null;
  known_spent: string | null;
  doubtful: string[] | null;
};

function diffOf(customerId: string, row: Row): CustomerDiff {
  const score = row.score_clv && {
    clvTier: row.score_clv,
    buyTier: row.score_buy,
    expectedSpendMinor: row.expected_spend_minor,
    buyProbability: row.score_probability,
    nextOrderFrom: row.score_from,
    nextOrderTo: row.score_to,
    spentMinor: row.score_spent,
    scoredOn: row.score_on,
  };
  const { mark } = row;
  return { customerId, score, known: writtenStateOf(row), ...(mark !== undefined && { mark }) };
}

function writtenStateOf(row: Row): WrittenState {
  if (row.tags === null) return nothingWritten;
  const values: MetafieldValues = {};
  for (const key of metafieldKeys) {
    const value = row[key];
    if (value !== null && value !== undefined) values[key] = value;
  }
  const { tags, known_spent: spentMinor } = row;
  return { tags, values, spentMinor, doubtful: row.doubtful ?? [] };
}
