import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { type Direction, MOVED_DAYS } from "#app/scoring/evaluation/current-tiers.ts";
import { axes, type Axis, type Tier, tiers } from "#engine";

/** The views of the list of customers, in their order on the screen. */
export const tabViews = [
  "all",
  "high-value",
  "likely",
  "due",
  "overdue",
  "slipping",
  "new",
] as const;
/** Views that other pages lead to. */
export const linkedViews = [
  "slipped",
  "week",
  "value-up",
  "value-down",
  "likelihood-up",
  "likelihood-down",
] as const;
export const customerViews = [...tabViews, ...linkedViews] as const;
export type CustomerViewName = (typeof customerViews)[number];

/** Moves within so many days are shown; "slipping": a fall within them that was not undone. */
export { MOVED_DAYS };
/** A customer who slipped did so within so many days. */
export const SLIPPED_DAYS = 7;
export const WEEK_DAYS = 7;

/** Sort keys with their direction. */
export const sortings = [
  "value-desc",
  "value-asc",
  "likelihood-desc",
  "likelihood-asc",
  "next-order-asc",
  "last-order-desc",
  "last-order-asc",
] as const;
export type Sorting = (typeof sortings)[number];

/**
 * A row's position in the list: the cursor of keyset pagination. Customers without a prediction show no
 * figure to sort by, so they are `late`: after all others.
 */
export type Place = { late: boolean; key: number; customerId: string };

/** The requested part of the list, as in its URL. */
export type CustomersQuery = {
  view: CustomerViewName;
  /** First day of the view `week`, ISO date; null in other views. */
  week: string | null;
  /** Only customers whom Shopify finds by these words, or the one with this number; null: all. */
  search: string | null;
  /** Selected tier filters; empty: all tiers. */
  tiers: Record<Axis, Tier[]>;
  sorting: Sorting;
  /** The page after or before a position; null: the first page. */
  page: { side: "after" | "before"; place: Place } | null;
};

/** An invalid value in a URL, and what would be valid. */
export type Misread = { found: string; expected: string };

/** The tiers of a view, by axis; all where none are given. */
const viewTiers: Record<CustomerViewName, Partial<Record<Axis, readonly Tier[]>>> = {
  all: {},
  "high-value": { clv: ["high"] },
  likely: { buy: ["high"] },
  // There is no next-order prediction for first-time customers.
  due: { buy: ["high", "moderate", "low"] },
  overdue: { buy: ["high", "moderate", "low"] },
  slipping: {},
  new: { clv: ["new"], buy: ["new"] },
  slipped: { clv: ["moderate", "low"] },
  week: { buy: ["high", "moderate", "low"] },
  "value-up": {},
  "value-down": {},
  "likelihood-up": {},
  "likelihood-down": {},
};

/** A move into a current tier. */
export type WantedMove = {
  axes: readonly Axis[];
  direction: Exclude<Direction, "grown">;
  from: readonly Tier[];
  /** Found within so many days. */
  days: number;
};

const anyMove = { axes, from: tiers, days: MOVED_DAYS };

/** The move that a view's customers made, in views about moves. */
export const viewMoves: Partial<Record<CustomerViewName, WantedMove>> = {
  slipping: { ...anyMove, direction: "fell" },
  slipped: { axes: ["clv"], direction: "fell", from: ["high"], days: SLIPPED_DAYS },
  "value-up": { ...anyMove, axes: ["clv"], direction: "rose" },
  "value-down": { ...anyMove, axes: ["clv"], direction: "fell" },
  "likelihood-up": { ...anyMove, axes: ["buy"], direction: "rose" },
  "likelihood-down": { ...anyMove, axes: ["buy"], direction: "fell" },
};

/** The axes' names in URLs. */
const names = { clv: "value", buy: "likelihood" } as const;

const PLACE = /^([01])~(-?[0-9][0-9.e+-]{0,29})~([0-9]{1,20})$/;

/** The axes on which a view has several tiers to filter by. */
export function choosableAxes(view: CustomerViewName): Axis[] {
  return axes.filter((axis) => (viewTiers[view][axis] ?? tiers).length > 1);
}

/** The tiers to filter by. */
export function choosableTiers(view: CustomerViewName, axis: Axis): readonly Tier[] {
  return viewTiers[view][axis] ?? tiers;
}

/** The tiers whose customers are listed: the view's, restricted to the selected ones. */
export function tiersOf({ view, tiers: chosen }: CustomersQuery): Record<Axis, Tier[]> {
  const of = (axis: Axis) =>
    choosableTiers(view, axis).filter(
      (tier) => !chosen[axis].length || chosen[axis].includes(tier),
    );
  return { clv: of("clv"), buy: of("buy") };
}

/** Whether any tier filter is set. */
export function isFiltered({ tiers: chosen }: CustomersQuery): boolean {
  return axes.some((axis) => chosen[axis].length > 0);
}

export function usualSorting(view: CustomerViewName): Sorting {
  if (view === "due" || view === "week") return "next-order-asc";
  return view === "new" ? "last-order-desc" : "value-desc";
}

/** A view without filters, in its usual order, on its first page. */
export function plainQuery(view: Exclude<CustomerViewName, "week">): CustomersQuery {
  return withoutFilters({ view, week: null });
}

/** The customers who are due in a week. @param week its first day, ISO date */
export function weekQuery(week: string): CustomersQuery {
  return withoutFilters({ view: "week", week });
}

/** The same view without filters, in its usual order, on its first page. */
export function withoutFilters({
  view,
  week,
}: Pick<CustomersQuery, "view" | "week">): CustomersQuery {
  const none = { clv: [], buy: [] };
  return { view, week, search: null, tiers: none, sorting: usualSorting(view), page: null };
}

/** Parses the URL of a list; what is missing has its default. */
export function parseQuery(params: URLSearchParams): CustomersQuery | Misread {
  const view = oneOf(customerViews, params.get("view") ?? "all");
  if (typeof view === "object") return view;
  const sorting = oneOf(sortings, params.get("sort") ?? usualSorting(view));
  if (typeof sorting === "object") return sorting;
  const week = view === "week" ? dayIn(params.get("week")) : null;
  if (typeof week === "object" && week !== null) return week;
  const search = searchIn(params.get("search"));
  if (typeof search === "object" && search !== null) return search;
  const chosen = withoutFilters({ view, week }).tiers;
  for (const axis of choosableAxes(view)) {
    const read = tiersIn(params.get(names[axis]), choosableTiers(view, axis));
    if ("found" in read) return read;
    chosen[axis] = read;
  }
  const page = pageIn(params);
  if (page !== null && "found" in page) return page;
  return { view, week, search, tiers: chosen, sorting, page };
}

/** The URL of a list, without defaults. */
export function listAddress(query: CustomersQuery): string {
  const text = queryString(query);
  return text === "" ? "/app/customers" : `/app/customers?${text}`;
}

/** The URL of a customer's page, with the list to go back to. */
export function customerAddress(customerId: string, from: CustomersQuery): string {
  const list = queryString(from);
  const params = new URLSearchParams({ from: "customers", ...(list === "" ? {} : { list }) });
  return `/app/customers/${customerId}?${params.toString()}`;
}

function queryString(query: CustomersQuery): string {
  const params = new URLSearchParams();
  if (query.view !== "all") params.set("view", query.view);
  if (query.week !== null) params.set("week", query.week);
  if (query.search !== null) params.set("search", query.search);
  for (const axis of axes) {
    if (query.tiers[axis].length > 0) params.set(names[axis], query.tiers[axis].join());
  }
  if (query.sorting !== usualSorting(query.view)) params.set("sort", query.sorting);
  if (query.page) params.set(query.page.side, placeText(query.page.place));
  return params.toString();
}

function placeText({ late, key, customerId }: Place): string {
  return `${late ? "1" : "0"}~${String(key)}~${customerId}`;
}

function oneOf<Name extends string>(known: readonly Name[], found: string): Name | Misread {
  return known.find((name) => name === found) ?? { found, expected: `one of ${known.join(", ")}` };
}

/** Longer words find nobody in Shopify. */
export const MAX_SEARCH = 100;

function searchIn(text: string | null): string | Misread | null {
  const search = text?.trim() ?? "";
  if (search === "") return null;
  // eslint-disable-next-line no-control-regex -- that is what must not be in it
  if (search.length <= MAX_SEARCH && !/[\u0000-\u001f]/.test(search)) return search;
  return { found: search.slice(0, MAX_SEARCH), expected: `up to ${String(MAX_SEARCH)} letters` };
}

/** The customer's number that a search consists of; null for words. */
export function numberSearched(search: string): string | null {
  return /^#?([0-9]{1,20})$/.exec(search)?.[1] ?? null;
}

const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

function dayIn(text: string | null): string | Misread {
  const known = text !== null && DAY.test(text) && isDay(text);
  return known ? text : { found: text ?? "", expected: "a day, such as 2026-11-30" };
}

function isDay(text: string): boolean {
  try {
    return isoDay(dayNumber(text)) === text;
  } catch {
    return false;
  }
}

function tiersIn(text: string | null, known: readonly Tier[]): Tier[] | Misread {
  const found = (text ?? "").split(",").filter((name) => name !== "");
  const read = known.filter((tier) => found.includes(tier));
  if (read.length === new Set(found).size) return read;
  return { found: text ?? "", expected: `some of ${known.join(",")}` };
}

function pageIn(params: URLSearchParams): CustomersQuery["page"] | Misread {
  for (const side of ["after", "before"] as const) {
    const text = params.get(side);
    if (text === null) continue;
    const [, late, key, customerId = ""] = PLACE.exec(text) ?? [];
    if (!Number.isFinite(Number(key))) {
      return { found: text, expected: "a place in the list, such as 0~1250.5~7000" };
    }
    return { side, place: { late: late === "1", key: Number(key), customerId } };
  }
  return null;
}
