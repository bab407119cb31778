import { type Direction, directionOf } from "#app/scoring/evaluation/current-tiers.ts";
import { axes, type Axis, type Tier, tiers } from "#engine";

import { type CustomersQuery, type Place, viewMoves } from "./customers-query.ts";

export const PAGE_ROWS = 50;
/** A customer is due soon when the expected days of the next order begin within so many days. */
export const DUE_DAYS = 14;

/** A customer of the list, as read from the database. */
export type ScoredRow = {
  customerId: string;
  expectedSpendMinor: number;
  buyProbability: number;
  clvTier: Tier;
  buyTier: Tier;
  /** ISO dates; null when no next order is expected. */
  nextOrderFrom: string | null;
  nextOrderTo: string | null;
  /** ISO date. */
  lastOrder: string;
  /** The tier before a recent move; null where there was none. */
  clvFrom: Tier | null;
  buyFrom: Tier | null;
  /** The day of the scoring that found the last move, ISO date. */
  clvOn: string;
  buyOn: string;
  late: boolean;
  key: number;
};

/** A customer came into another tier on one axis. */
export type ListedMove = {
  axis: Axis;
  from: Tier;
  /** The day of the scoring, ISO date. */
  on: string;
  direction: Direction;
};

export type ListedCustomer = {
  customerId: string;
  tiers: Record<Axis, Tier>;
  /** Null for first-time customers: too early to tell. */
  expectedSpendMinor: number | null;
  buyProbability: number | null;
  nextOrder: { from: string; to: string } | null;
  lastOrder: string;
  /** The last of the recent ones. */
  moved: ListedMove | null;
};

/** A page of the list, with the totals of the whole list. */
export type CustomersView = {
  query: CustomersQuery;
  currency: string;
  horizonDays: number;
  /** Of all pages: how many, and what they are expected to spend within the horizon. */
  total: { customers: number; expectedSpendMinor: number };
  /** Whether Shopify found more customers than are looked at in a search. */
  more: boolean;
  rows: ListedCustomer[];
  /** Positions of the neighbouring pages; null when there is none. */
  previous: Place | null;
  next: Place | null;
};

/** Current names by customer; empty when the shop gave no access to names. */
export type NamesAnswer =
  { kind: "names"; names: Record<string, string> } | { kind: "failed"; code: string };

/**
 * Cuts a page from rows read in either direction, up to one more than a page has.
 *
 * @returns null when the position is outside the list by now: the list then starts at its first page
 */
export function pageOf(
  read: ScoredRow[],
  page: CustomersQuery["page"],
): { rows: ScoredRow[]; previous: Place | null; next: Place | null } | null {
  const more = read.length > PAGE_ROWS;
  const rows = read.slice(0, PAGE_ROWS);
  if (page?.side === "before") rows.reverse();
  const [first, last] = [rows.at(0), rows.at(-1)];
  if (page === null) return { rows, previous: null, next: more && last ? placeOf(last) : null };
  if (!first || !last) return null;
  if (page.side === "after") {
    return { rows, previous: placeOf(first), next: more ? placeOf(last) : null };
  }
  // Less than a page before the position: the first page, from which customers have gone.
  if (rows.length < PAGE_ROWS) return null;
  return { rows, previous: more ? placeOf(first) : null, next: placeOf(last) };
}

function placeOf({ late, key, customerId }: ScoredRow): Place {
  return { late, key, customerId };
}

/** A row as shown. */
export function listed(row: ScoredRow, view: CustomersQuery["view"]): ListedCustomer {
  const { customerId, clvTier, buyTier, nextOrderFrom: from, nextOrderTo: to } = row;
  const foretold = { clv: clvTier !== "new", buy: buyTier !== "new" };
  return {
    customerId,
    tiers: { clv: clvTier, buy: buyTier },
    expectedSpendMinor: foretold.clv ? row.expectedSpendMinor : null,
    buyProbability: foretold.buy ? row.buyProbability : null,
    nextOrder: foretold.buy && from && to ? { from, to } : null,
    lastOrder: row.lastOrder,
    moved: movedOf(row, view),
  };
}

/** In a view about moves, the one that the view is about, even if another one is newer. */
function movedOf(row: ScoredRow, view: CustomersQuery["view"]): ListedMove | null {
  const wanted = viewMoves[view];
  const moves = axes
    .flatMap((axis) => moveOn(row, axis) ?? [])
    .sort((one, other) => other.on.localeCompare(one.on));
  const meant =
    wanted &&
    moves.find(
      ({ axis, direction }) => wanted.axes.includes(axis) && direction === wanted.direction,
    );
  return meant ?? moves[0] ?? null;
}

function moveOn(row: ScoredRow, axis: Axis): ListedMove | null {
  const { [`${axis}From` as const]: from, [`${axis}Tier` as const]: to } = row;
  if (from === null) return null;
  const direction = directionOf(tiers.indexOf(from), tiers.indexOf(to));
  return { axis, from, on: row[`${axis}On`], direction };
}
