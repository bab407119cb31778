import { axes, type Axis, type Tier, tiers } from "#engine";

/** The views of the list of customers, in their order on the screen. */
export const customerViews = ["all", "high-value", "likely", "due", "slipping", "new"] as const;
export type CustomerViewName = (typeof customerViews)[number];

/** By what the list is sorted, and which end comes first. */
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
 * A row's place in the list. Of customers of whom nothing is foretold the figure that is sorted by is
 * not shown: they come late, after all others.
 */
export type Place = { late: boolean; key: number; customerId: string };

/** Which part of the list is asked for: what its address says. */
export type CustomersQuery = {
  view: CustomerViewName;
  /** The tiers chosen beside the view; empty: all. */
  tiers: Record<Axis, Tier[]>;
  sorting: Sorting;
  /** The page after a place, or the one before it; null: the first. */
  page: { side: "after" | "before"; place: Place } | null;
};

/** What an address says that is none of ours, and what would be right. */
export type Misread = { found: string; expected: string };

/** The tiers that a view itself stands for, by axis. */
const viewTiers: Record<CustomerViewName, Partial<Record<Axis, readonly Tier[]>>> = {
  all: {},
  "high-value": { clv: ["high"] },
  likely: { buy: ["high"] },
  // When a first-time customer orders again cannot be told.
  due: { buy: ["high", "moderate", "low"] },
  slipping: {},
  new: { clv: ["new"], buy: ["new"] },
};

/** The names of the axes in addresses. */
const names = { clv: "value", buy: "likelihood" } as const;

const PLACE = /^([01])~(-?[0-9][0-9.e+-]{0,29})~([0-9]{1,20})$/;

/** The axes on which a view leaves a choice of tiers: on the others it is one tier itself. */
export function choosableAxes(view: CustomerViewName): Axis[] {
  return axes.filter((axis) => (viewTiers[view][axis] ?? tiers).length > 1);
}

/** The tiers to choose from. */
export function choosableTiers(view: CustomerViewName, axis: Axis): readonly Tier[] {
  return viewTiers[view][axis] ?? tiers;
}

/** Whose customers the list shows: those of the view that are in one of the chosen tiers. */
export function tiersOf({ view, tiers: chosen }: CustomersQuery): Record<Axis, Tier[]> {
  const of = (axis: Axis) =>
    choosableTiers(view, axis).filter(
      (tier) => !chosen[axis].length || chosen[axis].includes(tier),
    );
  return { clv: of("clv"), buy: of("buy") };
}

/** Whether more is asked for than the view itself. */
export function isFiltered({ tiers: chosen }: CustomersQuery): boolean {
  return axes.some((axis) => chosen[axis].length > 0);
}

export function usualSorting(view: CustomerViewName): Sorting {
  if (view === "due") return "next-order-asc";
  return view === "new" ? "last-order-desc" : "value-desc";
}

/** A view as it is first shown. */
export function plainQuery(view: CustomerViewName): CustomersQuery {
  const none = { clv: [], buy: [] };
  return { view, tiers: none, sorting: usualSorting(view), page: null };
}

/** Reads the address of a list; what it does not say is as usual. */
export function parseQuery(params: URLSearchParams): CustomersQuery | Misread {
  const view = oneOf(customerViews, params.get("view") ?? "all");
  if (typeof view === "object") return view;
  const sorting = oneOf(sortings, params.get("sort") ?? usualSorting(view));
  if (typeof sorting === "object") return sorting;
  const chosen = plainQuery(view).tiers;
  for (const axis of choosableAxes(view)) {
    const read = tiersIn(params.get(names[axis]), choosableTiers(view, axis));
    if ("found" in read) return read;
    chosen[axis] = read;
  }
  const page = pageIn(params);
  if (page !== null && "found" in page) return page;
  return { view, tiers: chosen, sorting, page };
}

/** The address of a list: nothing but what is not as usual. */
export function listAddress(query: CustomersQuery): string {
  const text = queryString(query);
  return text === "" ? "/app/customers" : `/app/customers?${text}`;
}

/** The address of a customer's page, from which there is a way back to the same list. */
export function customerAddress(customerId: string, from: CustomersQuery): string {
  const list = queryString(from);
  const params = new URLSearchParams({ from: "customers", ...(list === "" ? {} : { list }) });
  return `/app/customers/${customerId}?${params.toString()}`;
}

function queryString(query: CustomersQuery): string {
  const params = new URLSearchParams();
  if (query.view !== "all") params.set("view", query.view);
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
