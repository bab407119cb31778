import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { axes, type Axis, type Tier, tiers as everyTier } from "#engine";

import { PAGE_ROWS, type ScoredRow } from "./customers.ts";
import type { CustomersQuery, Sorting, WantedMove } from "./customers-query.ts";

/** Which customers of the tiers are in a list; null: all. */
export type Only =
  | null
  /** The window of the next order has a day in common with these days, both included. */
  | { kind: "due"; from: string; to: string }
  | { kind: "overdue" }
  /** @property after moves count that were found as of later days */
  | { kind: "moved"; move: WantedMove; after: string };

/** The customers of a list, without their order. */
export type Wanted = {
  shop: ShopDomain;
  /** As-of day of the last run, ISO date. */
  asOf: string;
  tiers: Record<Axis, Tier[]>;
  only: Only;
  /** Only these customers; null: all. */
  among: string[] | null;
  /** Moves found as of later days are shown. */
  movedAfter: string;
};

/** Collects the parameters of a statement. */
export class Values {
  readonly all: unknown[] = [];

  /** @returns its placeholder, such as `$2` */
  add(value: unknown): string {
    this.all.push(value);
    return `$${String(this.all.length)}`;
  }
}

/**
 * The conditions on a row `s` of scores. Only those that are needed, since each is evaluated for every
 * customer of the shop.
 */
export function conditionsOf({ shop, tiers, only, among }: Wanted, values: Values): string {
  const conditions = [`s.shop = ${values.add(shop)}`];
  if (among !== null) conditions.push(`s.customer_id = any(${values.add(among)}::text[])`);
  for (const axis of axes) {
    if (tiers[axis].length === everyTier.length) continue;
    conditions.push(`s.${axis}_tier = any(${values.add(tiers[axis])})`);
  }
  if (only?.kind === "due") {
    conditions.push(`s.next_order_from <= ${values.add(only.to)}`);
    conditions.push(`s.next_order_to >= ${values.add(only.from)}`);
  }
  if (only?.kind === "overdue") conditions.push(OVERDUE);
  if (only?.kind === "moved") conditions.push(MOVED, movedBy(only, values));
  return conditions.join(" and ");
}

/**
 * Expected back, and silent for one and a half of the customer's mean gaps, as on the customer's
 * page. This and {@link MOVED} are the conditions of partial indexes, word for word.
 */
export const OVERDUE = `s.next_order_from is not null and s.frequency > 0
  and 2 * (s.age_days - s.recency_days) * s.frequency >= 3 * greatest(s.recency_days, s.frequency)`;

/** Whose last move was within the days for which that is kept. */
export const MOVED = "(s.clv_from is not null or s.buy_from is not null)";

/** SQL of a rise or a fall on an axis. */
export function movedOn(axis: Axis, direction: WantedMove["direction"]): string {
  const [from, to] = direction === "fell" ? ["from", "tier"] : ["tier", "from"];
  return `(s.${axis}_${from}, s.${axis}_${to})
    in (('high', 'moderate'), ('high', 'low'), ('moderate', 'low'))`;
}

function movedBy({ move, after }: { move: WantedMove; after: string }, values: Values): string {
  const day = values.add(after);
  const from = move.from.length < everyTier.length ? values.add(move.from) : null;
  const each = move.axes.map((axis) => {
    const left = from === null ? "" : `and s.${axis}_from = any(${from})`;
    return `s.${axis}_since > ${day} ${left} and ${movedOn(axis, move.direction)}`;
  });
  return `(${each.join(" or ")})`;
}

type Order = {
  /** The sort key as a number. @param asOf placeholder of the run's as-of day */
  key: (asOf: string) => string;
  /** Customers without a figure: last in either direction. */
  late: string;
  descending: boolean;
};

const EPOCH = "date '1970-01-01'";
/** After every possible day: customers without an expected order come last. */
const NEVER = 10_000_000;
const VALUE = { key: () => "s.expected_spend_minor", late: "s.clv_tier = 'new'" };
const LIKELIHOOD = { key: () => "s.buy_probability", late: "s.buy_tier = 'new'" };
const NEXT_ORDER = {
  key: () => `coalesce(s.next_order_from - ${EPOCH}, ${String(NEVER)})::float8`,
  late: "s.buy_tier = 'new'",
};
const LAST_ORDER = {
  key: (asOf: string) => `(${lastOrder(asOf)} - ${EPOCH})::float8`,
  late: "false",
};

/** Rows stored by an earlier version have no as-of day: the run's applies. */
function lastOrder(asOf: string): string {
  return `(coalesce(s.as_of, ${asOf}::date) - s.age_days + s.recency_days)`;
}

const orders: Record<Sorting, Order> = {
  "value-desc": { ...VALUE, descending: true },
  "value-asc": { ...VALUE, descending: false },
  "likelihood-desc": { ...LIKELIHOOD, descending: true },
  "likelihood-asc": { ...LIKELIHOOD, descending: false },
  "next-order-asc": { ...NEXT_ORDER, descending: false },
  "last-order-desc": { ...LAST_ORDER, descending: true },
  "last-order-asc": { ...LAST_ORDER, descending: false },
};

/**
 * Up to one row more than a page has: after a position in the list's order, or before it in reverse order.
 * The sort reads the key alone; the other columns are joined for the page only.
 */
export async function readRows(
  wanted: Wanted,
  { sorting, page }: Pick<CustomersQuery, "sorting" | "page">,
): Promise<ScoredRow[]> {
  const values = new Values();
  const asOf = values.add(wanted.asOf);
  const shop = values.add(wanted.shop);
  const moved = values.add(wanted.movedAfter);
  const order = orders[sorting];
  const back = page?.side === "before";
  const [late, direction] = [back ? "desc" : "asc", order.descending !== back ? "desc" : "asc"];
  const listed =
    order.key === VALUE.key && wanted.only === null && wanted.among === null
      ? walked(wanted, { page, down: direction === "desc" }, values)
      : `select * from (select s.customer_id, ${order.key(asOf)} as key, ${order.late} as late
                          from scores s where ${conditionsOf(wanted, values)}) each
          where ${page === null ? "true" : beyond(page, order, values)}`;
  const { rows } = await pool.query<ScoredRow>(
    `with page as (
       ${listed}
        order by late ${late}, key ${direction}, customer_id ${direction}
        limit ${String(PAGE_ROWS + 1)})
     select s.customer_id as "customerId", s.expected_spend_minor as "expectedSpendMinor",
            s.buy_probability as "buyProbability", s.clv_tier as "clvTier",
            s.buy_tier as "buyTier", s.next_order_from::text as "nextOrderFrom",
            s.next_order_to::text as "nextOrderTo", ${lastOrder(asOf)}::text as "lastOrder",
            case when s.clv_since > ${moved} then s.clv_from end as "clvFrom",
            case when s.buy_since > ${moved} then s.buy_from end as "buyFrom",
            (s.clv_since - 1)::text as "clvOn", (s.buy_since - 1)::text as "buyOn",
            page.key, page.late
       from page join scores s on s.shop = ${shop} and s.customer_id = page.customer_id
      order by page.late ${late}, page.key ${direction}, page.customer_id ${direction}`,
    values.all,
  );
  return rows;
}

type Page = NonNullable<CustomersQuery["page"]>;

/** The rows after or before a position. */
function beyond({ side, place }: Page, { descending }: Order, values: Values): string {
  const [late, key, customer] = [place.late, place.key, place.customerId].map((value) =>
    values.add(value),
  );
  const back = side === "before";
  return `(late ${back ? "<" : ">"} ${late}::boolean or late = ${late}
    and (key, customer_id) ${descending !== back ? "<" : ">"} (${key}::float8, ${customer}::text))`;
}

/**
 * The list by value, reading at most a page of each pair of tiers: within a pair the index has this
 * order.
 */
function walked(
  { shop, tiers }: Wanted,
  { page, down }: { page: CustomersQuery["page"]; down: boolean },
  values: Values,
): string {
  const cells = tiers.clv.flatMap((clv) =>
    tiers.buy.flatMap((buy) => cellFrom({ clv, buy }, page, down) ?? []),
  );
  const columns = [
    `${values.add(cells.map(({ clv }) => clv))}::text[]`,
    `${values.add(cells.map(({ buy }) => buy))}::text[]`,
    `${values.add(cells.map(({ late }) => late))}::boolean[]`,
    `${values.add(cells.map(({ key }) => key))}::float8[]`,
    `${values.add(cells.map(({ customerId }) => customerId))}::text[]`,
  ];
  const direction = down ? "desc" : "asc";
  return `select s.customer_id, s.key, cell.late
       from unnest(${columns.join(", ")}) as cell (clv, buy, late, key, customer_id)
       cross join lateral (
         select s.customer_id, s.expected_spend_minor as key from scores s
          where s.shop = ${values.add(shop)} and s.clv_tier = cell.clv and s.buy_tier = cell.buy
            and (s.expected_spend_minor, s.customer_id) ${down ? "<" : ">"} (cell.key, cell.customer_id)
          order by s.expected_spend_minor ${direction}, s.customer_id ${direction}
          limit ${String(PAGE_ROWS + 1)}) s`;
}

/** Where to start in a pair of tiers; null when all of it is on the other side of the position. */
function cellFrom(cell: Record<Axis, Tier>, page: CustomersQuery["page"], down: boolean) {
  const late = cell.clv === "new";
  if (page?.place.late === late) return { ...cell, ...page.place };
  const back = page?.side === "before";
  if (page && late === back) return null;
  return { ...cell, late, key: down ? Infinity : -Infinity, customerId: "" };
}
