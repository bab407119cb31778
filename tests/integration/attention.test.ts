import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { readCalendar } from "#app/scoring/views/calendar.server.ts";
import type { CalendarView } from "#app/scoring/views/calendar.ts";
import { readCustomers } from "#app/scoring/views/customers.server.ts";
import { type CustomersQuery, plainQuery, weekQuery } from "#app/scoring/views/customers-query.ts";
import { readHome } from "#app/scoring/views/home.server.ts";
import type { ScoredHome } from "#app/scoring/views/home.ts";
import { smallStore, storePurchases, storeShop } from "#tests/stores/stored-orders.ts";

// Every figure of home's lines and of the calendar is recomputed here from the tables of scores,
// changes and orders, by code that shares nothing with the app's.

const firstDay = shopDomain("first-day.myshopify.com");
const nights = shopDomain("nights.myshopify.com");
const twice = shopDomain("twice.myshopify.com");
const other = shopDomain("theirs.myshopify.com");
/** The one that a test is about. */
let shop = firstDay;
const first = dayNumber("2026-11-10");
const worth = ["low", "moderate", "high"];

type Row = {
  id: string;
  buy_tier: string;
  probability: number;
  orders: number;
  spend: number;
  /** Days after the as-of day; null where no next order is expected. */
  begins: number | null;
  ends: number | null;
  days: number[];
};
type Change = { id: string; axis: string; from: string; to: string; day: number };

beforeAll(async () => {
  const shops = [
    { domain: firstDay, customers: 420, days: [first] },
    { domain: nights, customers: 420, days: [first, first + 5, first + 12] },
    { domain: twice, customers: 420, days: [first] },
    { domain: other, customers: 200, days: [first] },
  ];
  for (const { domain, customers, days } of shops) {
    await storeShop(domain);
    await storePurchases(domain, smallStore(first + 12, customers));
    for (const day of days) await runScoring(domain, { asOf: isoDay(day), weeks: 6 });
  }
}, 480_000);

afterAll(closeDatabase);

async function rowsAsOf(day: number): Promise<Row[]> {
  const { rows } = await pool.query<Row>(
    `select customer_id as id, buy_tier, buy_probability as probability,
            expected_orders as orders, expected_spend_minor as spend,
            next_order_from - $2::date as begins, next_order_to - $2::date as ends,
            (select array_agg(distinct o.day - date '1970-01-01' order by o.day - date '1970-01-01')
               from orders o where o.shop = s.shop and o.customer_id = s.customer_id
                and o.day < $2) as days
       from scores s where s.shop = $1`,
    [shop, isoDay(day)],
  );
  return rows;
}

async function changesUpTo(day: number): Promise<Change[]> {
  const { rows } = await pool.query<Change>(
    `select customer_id as id, axis, from_tier as "from", to_tier as "to",
            as_of - date '1970-01-01' as day
       from tier_changes where shop = $1 and as_of <= $2 order by as_of, changed_at`,
    [shop, isoDay(day)],
  );
  return rows;
}

/** Customers whose last move on an axis, within so many days, was a rise, or a fall. */
function movers(
  changes: Change[],
  { axis, days, day }: { axis: string; days: number; day: number },
) {
  const last = new Map<string, Change>();
  for (const one of changes) if (one.axis === axis) last.set(one.id, one);
  const recent = [...last.values()].filter((one) => one.day > day - days);
  const known = recent.filter(({ from, to }) => from !== "new" && to !== "new");
  const rose = ({ from, to }: Change) => worth.indexOf(to) > worth.indexOf(from);
  return { up: known.filter(rose), down: known.filter((one) => !rose(one)) };
}

const counts = ({ up, down }: { up: Change[]; down: Change[] }) => ({
  up: up.length,
  down: down.length,
});

const isBack = (row: Row) => row.begins !== null && row.buy_tier !== "new";
const isDue = (row: Row, week: number) =>
  isBack(row) && (row.begins ?? 0) <= 7 * week + 6 && (row.ends ?? 0) >= 7 * week;

function isOverdue(row: Row, day: number): boolean {
  const [earliest = 0, latest = 0] = [row.days[0], row.days.at(-1)];
  if (!isBack(row) || row.days.length < 2) return false;
  const gaps = row.days.length - 1;
  // In whole numbers: at least 1.5 mean gaps, where a gap is at least a day.
  return 2 * (day - latest) * gaps >= 3 * Math.max(gaps, latest - earliest);
}

/** The share of next orders within so many days, by adding up a density of a day each. */
function share(row: Row, days: number): number {
  const [begins, ends] = [row.begins ?? 0, row.ends ?? 0];
  if (days <= begins) return begins === 0 ? 0 : (days * 0.25) / begins;
  if (days <= ends) return 0.25 + (0.5 * (days - begins)) / (ends - begins);
  const rate = 2 / (ends - begins);
  const fallsTo = 1 - Math.exp(-rate * (365 - ends));
  return 0.75 + (0.25 * (1 - Math.exp(-rate * (days - ends)))) / fallsTo;
}

async function home(): Promise<ScoredHome> {
  const view = await readHome(shop);
  if (view.state !== "scored") throw new Error(`home is ${view.state}`);
  return view.scored;
}

async function calendar(): Promise<CalendarView> {
  const answer = await readCalendar(shop);
  if (answer.kind !== "scored") throw new Error(`the calendar is ${answer.kind}`);
  return answer.calendar;
}

async function listed(query: CustomersQuery): Promise<number> {
  const answer = await readCustomers(shop, query);
  if (answer.kind !== "scored") throw new Error(`the list is ${answer.kind}`);
  return answer.list.total.customers;
}

async function expectHome(day: number): Promise<void> {
  const [rows, changes] = [await rowsAsOf(day), await changesUpTo(day)];
  const { attention } = await home();
  const all = (days: number) => ({
    clv: counts(movers(changes, { axis: "clv", days, day })),
    buy: counts(movers(changes, { axis: "buy", days, day })),
  });
  const fallen = movers(changes, { axis: "clv", days: 7, day }).down;
  const overdue = rows.filter((row) => isOverdue(row, day));
  const spend = overdue.reduce((sum, row) => sum + row.spend, 0);
  expect(attention).toMatchObject({
    slipped: fallen.filter(({ from }) => from === "high").length,
    due: rows.filter((row) => isDue(row, 0)).length,
    overdue: { customers: overdue.length, expectedSpendMinor: Math.round(spend) },
    moved: all(30),
    movedThisWeek: all(7),
  });
  expect(attention!.due).toBeGreaterThan(0);
  expect(attention!.overdue.customers).toBeGreaterThan(0);
  expect(all(30).clv.down).toBeGreaterThan(0);
}

async function expectLists(): Promise<void> {
  const { attention, asOf } = await home();
  const { slipped, due, overdue, moved } = attention!;
  expect(await listed(plainQuery("slipped"))).toBe(slipped);
  expect(await listed(weekQuery(asOf))).toBe(due);
  expect(await listed(plainQuery("overdue"))).toBe(overdue.customers);
  expect(await listed(plainQuery("value-up"))).toBe(moved!.clv.up);
  expect(await listed(plainQuery("value-down"))).toBe(moved!.clv.down);
  expect(await listed(plainQuery("likelihood-up"))).toBe(moved!.buy.up);
  expect(await listed(plainQuery("likelihood-down"))).toBe(moved!.buy.down);
}

/** Expected customers and spend of a week, over all rows. */
function expectedOf(rows: Row[], { week, horizon }: { week: number; horizon: number }) {
  let [customers, spend] = [0, 0];
  for (const row of rows.filter(isBack)) {
    const inYear = Math.min(1, row.probability / share(row, horizon));
    const chance = inYear * (share(row, 7 * week + 7) - share(row, 7 * week));
    customers += chance;
    spend += row.orders > 0 ? (chance * row.spend) / row.orders : 0;
  }
  return { customers, spend };
}

async function expectCalendar(day: number): Promise<void> {
  const [rows, { weeks, total, horizonDays, now }] = [await rowsAsOf(day), await calendar()];
  expect(weeks).toHaveLength(12);
  let sum = 0;
  for (const [at, week] of weeks.entries()) {
    const { customers, spend } = expectedOf(rows, { week: at, horizon: horizonDays });
    expect(week.from).toBe(isoDay(day + 7 * at));
    expect(week.customers.expected).toBeCloseTo(customers, 6);
    expect(week.spendMinor.expected / spend).toBeCloseTo(1, 6);
    expect(week.customers.low).toBeLessThan(customers);
    expect(week.customers.high).toBeGreaterThan(customers);
    expect(await listed(weekQuery(week.from))).toBe(rows.filter((row) => isDue(row, at)).length);
    sum += customers;
  }
  expect(total.customers.expected).toBeCloseTo(sum, 6);
  expect(sum).toBeGreaterThan(10);
  const { attention } = await home();
  expect(now).toMatchObject({
    due: attention!.due,
    overdue: attention!.overdue,
    movedThisWeek: attention!.movedThisWeek,
  });
}

describe("on the day of the first scoring", () => {
  beforeEach(() => {
    shop = firstDay;
  });

  it("home counts who slipped, is due, is overdue, and moved", () => expectHome(first));

  it("the lists that home leads to have exactly these people", expectLists);

  it("the calendar spreads each customer over its weeks, and leads to who is due", () =>
    expectCalendar(first));

  it("what rests on reconstructed weeks is marked", async () => {
    expect((await home()).attention?.reconstructed).toEqual({ week: true, moves: true });
  });

  it("the weeks before are those that were reconstructed, with their moves", async () => {
    const { past } = await calendar();
    expect(past.map(({ until }) => until)).toEqual(
      // Before the sixth nobody had a tier.
      [1, 2, 3, 4, 5].map((week) => isoDay(first - 7 * week - 1)),
    );
    for (const { until, moved, reconstructed } of past) {
      const day = dayNumber(until) + 1;
      const changes = await changesUpTo(day);
      const of = (axis: string) => counts(movers(changes, { axis, days: 7, day }));
      expect({ until, moved, reconstructed }).toEqual({
        until,
        moved: { clv: of("clv"), buy: of("buy") },
        reconstructed: true,
      });
    }
    expect(past.some(({ moved }) => moved!.clv.down > 0)).toBe(true);
    expect(past.every(({ due }) => due > 0)).toBe(true);
  });
});

describe("after further nights", () => {
  const day = first + 12;

  beforeEach(() => {
    shop = nights;
  });

  it("home, the lists and the calendar are those of the last one", async () => {
    await expectHome(day);
    await expectLists();
    await expectCalendar(day);
  });

  it("the week is no longer marked, the moves of a month still are", async () => {
    expect((await home()).attention?.reconstructed).toEqual({ week: false, moves: true });
  });

  it("each week before is told by its last scoring", async () => {
    const { past } = await calendar();
    expect(past[0]).toMatchObject({ until: isoDay(first + 4), reconstructed: false });
    expect(past[1]).toMatchObject({ until: isoDay(first - 8), reconstructed: true });
  });
});

describe("a day on which a tier changed twice", () => {
  it("is remembered by the tier at its beginning", async () => {
    const moved = () =>
      pool.query<{ customer_id: string; clv_from: string; clv_since: string; clv_tier: string }>(
        `select customer_id, clv_from, clv_since::text, clv_tier from scores
          where shop = $1 and clv_from <> 'new' and clv_since between $2 and $3
          order by customer_id`,
        [twice, isoDay(first - 20), isoDay(first)],
      );
    const before = (await moved()).rows;
    expect(before.length).toBeGreaterThan(3);
    await pool.query(
      `insert into tier_changes (shop, run_id, customer_id, axis, from_tier, to_tier, why, as_of,
                                 changed_at, reconstructed)
       select shop, 'later', customer_id, 'clv', 'new', clv_tier, 'time', clv_since,
              now() + interval '1 day', false
         from scores where shop = $1 and clv_from <> 'new'`,
      [twice],
    );
    await runScoring(twice, { asOf: isoDay(first + 1), weeks: 6 });
    // An order may have moved some of them on since.
    const after = (await moved()).rows;
    expect(after.length).toBeGreaterThan(3);
    expect(before).toEqual(expect.arrayContaining(after));
  });
});

describe("a shop scored by an earlier version", () => {
  it("shows neither lines nor a calendar until the next scoring", async () => {
    await pool.query("update scoring_runs set outlook = null where shop = $1", [other]);
    const view = await readHome(other);
    expect(view).toMatchObject({ state: "scored", scored: { attention: null } });
    expect(await readCalendar(other)).toEqual({ kind: "importing" });
  });

  it("has no calendar before there are scores, or when they are refused", async () => {
    const young = shopDomain("young.myshopify.com");
    expect(await readCalendar(young)).toEqual({ kind: "importing" });
    await storeShop(young);
    await storePurchases(young, smallStore(first, 12));
    await runScoring(young, { asOf: isoDay(first), weeks: 0 });
    expect(await readCalendar(young)).toEqual({ kind: "refused" });
  });
});
