import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { axes, type Axis, type Tier, tiers as everyTier } from "#engine";

import { PAGE_ROWS, type ScoredRow } from "./customers.ts";
import type { CustomersQuery, Sorting } from "./customers-query.ts";

/** The customers of a list, without their order. */
export type Wanted = {
  shop: ShopDomain;
  /** As-of day of the last run, ISO date. */
  asOf: string;
  tiers: Record<Axis, Tier[]>;
  /** Only customers whose next-order window begins before this day; null: no limit. */
  dueBefore: string | null;
  /** Moves of later days count as recent. */
  movedAfter: string;
  /** Only customers whose latest move on an axis was a recent fall. */
  slipping: boolean;
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
export function conditionsOf(wanted: Wanted, values: Values): string {
  const { shop, tiers, dueBefore, movedAfter, slipping } = wanted;
  const conditions = [`s.shop = ${values.add(shop)}`];
  for (const axis of axes) {
    if (tiers[axis].length === everyTier.length) continue;
    conditions.push(`s.${axis}_tier = any(${values.add(tiers[axis])})`);
  }
  if (dueBefore !== null) conditions.push(`s.next_order_from < ${values.add(dueBefore)}`);
  if (slipping) conditions.push(slippingSince(values.add(movedAfter)));
  return conditions.join(" and ");
}

/** The move into a current tier was a fall, after a day. */
function slippingSince(day: string): string {
  return `(s.clv_since > ${day} or s.buy_since > ${day}) and exists (
    select from tier_changes c
     where c.shop = s.shop and c.customer_id = s.customer_id and c.as_of > ${day}
       and (c.axis = 'clv' and c.to_tier = s.clv_tier and c.as_of = s.clv_since
         or c.axis = 'buy' and c.to_tier = s.buy_tier and c.as_of = s.buy_since)
       and (c.from_tier, c.to_tier)
           in (('high', 'moderate'), ('high', 'low'), ('moderate', 'low')))`;
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
  const order = orders[sorting];
  const back = page?.side === "before";
  const [late, direction] = [back ? "desc" : "asc", order.descending !== back ? "desc" : "asc"];
  const listed =
    order.key === VALUE.key && byTiersAlone(wanted)
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

function byTiersAlone({ slipping, dueBefore }: Wanted): boolean {
  return !slipping && dueBefore === null;
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
