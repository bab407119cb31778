import { type Axis, type Tier, tiers } from "#engine";

import type { CustomersQuery, Place } from "./customers-query.ts";

export const PAGE_ROWS = 50;
/** A customer is due soon when the expected days of the next order begin within so many days. */
export const DUE_DAYS = 14;
/** Moves within so many days are shown; "slipping": a fall within them that was not undone. */
export const MOVED_DAYS = 30;

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
  late: boolean;
  key: number;
};

/** A customer came into another tier on one axis. */
export type ListedMove = {
  axis: Axis;
  from: Tier;
  /** The day of the scoring, ISO date. */
  on: string;
  direction: "fell" | "rose" | "grown";
};

export type ListedCustomer = {
  customerId: string;
  tiers: Record<Axis, Tier>;
  /** Null for first-time customers: too early to tell. */
  expectedSpendMinor: number | null;
  buyProbability: number | null;
  nextOrder: { from: string; to: string } | null;
  lastOrder: string;
  /** The last within {@link MOVED_DAYS}. */
  moved: ListedMove | null;
};

export type MoveRow = { customerId: string; axis: Axis; from: Tier; to: Tier; on: string };

/** A page of the list, with the totals of the whole list. */
export type CustomersView = {
  query: CustomersQuery;
  currency: string;
  horizonDays: number;
  /** Of all pages: how many, and what they are expected to spend within the horizon. */
  total: { customers: number; expectedSpendMinor: number };
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

/** A row as shown. @param moves of all customers, newest first */
export function listed(
  row: ScoredRow,
  moves: MoveRow[],
  view: CustomersQuery["view"],
): ListedCustomer {
  const { customerId, clvTier, buyTier, nextOrderFrom: from, nextOrderTo: to } = row;
  const foretold = { clv: clvTier !== "new", buy: buyTier !== "new" };
  const own = moves.filter((move) => move.customerId === customerId);
  const current = { clv: clvTier, buy: buyTier };
  // The view is about falls, so the fall is shown even if another move is newer.
  const fall = view === "slipping" ? own.find((move) => isFallTo(move, current)) : undefined;
  const shown = fall ?? own[0];
  return {
    customerId,
    tiers: current,
    expectedSpendMinor: foretold.clv ? row.expectedSpendMinor : null,
    buyProbability: foretold.buy ? row.buyProbability : null,
    nextOrder: foretold.buy && from && to ? { from, to } : null,
    lastOrder: row.lastOrder,
    moved: shown ? listedMove(shown) : null,
  };
}

function listedMove({ axis, from, to, on }: MoveRow): ListedMove {
  return { axis, from, on, direction: directionOf(from, to) };
}

function isFallTo({ axis, from, to }: MoveRow, current: Record<Axis, Tier>): boolean {
  return to === current[axis] && directionOf(from, to) === "fell";
}

/** Leaving `new` is neither a rise nor a fall. */
function directionOf(from: Tier, to: Tier): ListedMove["direction"] {
  if (from === "new" || to === "new") return "grown";
  return tiers.indexOf(to) > tiers.indexOf(from) ? "fell" : "rose";
}
