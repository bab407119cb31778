import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { readCustomers, readPageNames } from "#app/scoring/views/customers.server.ts";
import type { CustomersView } from "#app/scoring/views/customers.ts";
import {
  type CustomersQuery,
  customerViews,
  parseQuery,
  plainQuery,
  type Sorting,
  sortings,
  withoutFilters,
} from "#app/scoring/views/customers-query.ts";
import { smallStore, storePurchases, storeShop } from "#tests/stores/stored-orders.ts";

import { FakeShopify, giveSession } from "./fake-shopify.ts";

const shop = shopDomain("mine.myshopify.com");
const other = shopDomain("theirs.myshopify.com");
const asOf = "2026-11-22";
const fake = new FakeShopify();

/** A row of `scores` as a query of this test's own reads it. */
type Row = {
  customer_id: string;
  expected_spend_minor: number;
  buy_probability: number;
  clv_tier: string;
  buy_tier: string;
  next_order_from: string | null;
  next_order_to: string | null;
  last_day: number;
  /** Days of orders, ascending. */
  days: number[];
};
type Change = {
  customer_id: string;
  axis: string;
  from_tier: string;
  to_tier: string;
  day: number;
};

let rows: Row[];
/** Oldest first. */
let changes: Change[];

beforeAll(async () => {
  await fake.start();
  for (const [domain, customers] of [
    [shop, 420],
    [other, 200],
  ] as const) {
    await storeShop(domain);
    await storePurchases(domain, smallStore(dayNumber(asOf), customers));
    await runScoring(domain, { asOf, weeks: 6 });
    await giveSession(domain);
  }
  // The same customers are no customers of the other shop.
  await pool.query("update scores set customer_id = '9' || customer_id where shop = $1", [other]);
  const scores = await pool.query<Row>(
    `select customer_id, expected_spend_minor, buy_probability, clv_tier, buy_tier,
            next_order_from::text, next_order_to::text, last.day - date '1970-01-01' as last_day, days
       from scores join lateral (
         select max(day) as day,
                array_agg(distinct day - date '1970-01-01' order by day - date '1970-01-01') as days
           from orders o
          where o.shop = scores.shop and o.customer_id = scores.customer_id) last on true
      where scores.shop = $1`,
    [shop],
  );
  rows = scores.rows;
  const moved = await pool.query<Change>(
    `select customer_id, axis, from_tier, to_tier, as_of - date '1970-01-01' as day
       from tier_changes where shop = $1 order by as_of, changed_at`,
    [shop],
  );
  changes = moved.rows;
}, 240_000);

beforeEach(() => {
  fake.reset();
});

afterAll(async () => {
  await fake.stop();
  await closeDatabase();
});

function query(address: string): CustomersQuery {
  const read = parseQuery(new URLSearchParams(address));
  if ("found" in read) throw new Error(`${read.found}: expected ${read.expected}`);
  return read;
}

async function list(asked: CustomersQuery): Promise<CustomersView> {
  const answer = await readCustomers(shop, asked);
  if (answer.kind !== "scored") throw new Error(`the shop is ${answer.kind}`);
  return answer.list;
}

async function pagesOf(first: CustomersQuery): Promise<CustomersView[]> {
  const pages = [await list(first)];
  for (let next = pages[0]?.next ?? null; next; next = pages.at(-1)?.next ?? null) {
    pages.push(await list({ ...first, page: { side: "after", place: next } }));
  }
  return pages;
}

const idsOf = ({ rows: shown }: CustomersView) => shown.map(({ customerId }) => customerId);

/** What is sorted by, and null where the list does not show it. */
const figures: Record<string, (row: Row) => number | null> = {
  value: (row) => (row.clv_tier === "new" ? null : row.expected_spend_minor),
  likelihood: (row) => (row.buy_tier === "new" ? null : row.buy_probability),
  "next-order": ({ buy_tier, next_order_from: from }) =>
    buy_tier === "new" || from === null ? null : dayNumber(from),
  "last-order": (row) => row.last_day,
};

function expectInOrder(ids: string[], sorting: Sorting): void {
  const [by, sign] = sorting.endsWith("-desc")
    ? [sorting.replace("-desc", ""), -1]
    : [sorting.replace("-asc", ""), 1];
  const values = ids.map((id) => figures[by]?.(rows.find((row) => row.customer_id === id)!));
  const known = values.filter((value) => value !== null) as number[];
  expect(values.slice(0, known.length)).toEqual(known);
  expect(known).toEqual([...known].sort((a, b) => sign * (a - b)));
}

const worth = ["low", "moderate", "high"];

/** In the tier there is now since a move within so many days. @param sign −1: a fall */
function moved(row: Row, { axes = ["clv", "buy"], sign = -1, days = 30, from = worth }): boolean {
  return axes.some((axis) => {
    const last = changes.findLast(
      (one) => one.customer_id === row.customer_id && one.axis === axis,
    );
    if (!last || last.day <= dayNumber(asOf) - days || !from.includes(last.from_tier)) return false;
    const [before, after] = [worth.indexOf(last.from_tier), worth.indexOf(last.to_tier)];
    return after >= 0 && sign * (after - before) > 0;
  });
}

/** Whether the expected days of the next order, if any, have one in common with these. */
function isExpected(row: Row, { first, days }: { first: number; days: number }): boolean {
  const { buy_tier, next_order_from: from, next_order_to: to } = row;
  if (buy_tier === "new" || from === null || to === null) return false;
  return dayNumber(from) < first + days && dayNumber(to) >= first;
}

/** Expected back, and silent for one and a half mean gaps. */
function isOverdue(row: Row): boolean {
  const { days } = row;
  if (row.buy_tier === "new" || row.next_order_from === null || days.length < 2) return false;
  const gaps = days.slice(1).map((day, at) => Math.max(1, day - (days[at] ?? 0)));
  const sum = gaps.reduce((all, gap) => all + gap, 0);
  return 2 * gaps.length * (dayNumber(asOf) - row.last_day) >= 3 * sum;
}

const week = isoDay(dayNumber(asOf) + 35);
const inView: Record<CustomersQuery["view"], (row: Row) => boolean> = {
  all: () => true,
  "high-value": (row) => row.clv_tier === "high",
  likely: (row) => row.buy_tier === "high",
  due: (row) => isExpected(row, { first: dayNumber(asOf), days: 14 }),
  week: (row) => isExpected(row, { first: dayNumber(week), days: 7 }),
  overdue: isOverdue,
  slipping: (row) => moved(row, {}),
  slipped: (row) => moved(row, { axes: ["clv"], days: 7, from: ["high"] }),
  "value-up": (row) => moved(row, { axes: ["clv"], sign: 1 }),
  "value-down": (row) => moved(row, { axes: ["clv"] }),
  "likelihood-up": (row) => moved(row, { axes: ["buy"], sign: 1 }),
  "likelihood-down": (row) => moved(row, { axes: ["buy"] }),
  new: (row) => row.clv_tier === "new",
};

describe("the list of customers", () => {
  const all = customerViews.flatMap((view) => sortings.map((sorting) => ({ view, sorting })));

  it.each(all)("shows everybody of $view once, by $sorting", async ({ view, sorting }) => {
    const pages = await pagesOf({
      ...withoutFilters({ view, week: view === "week" ? week : null }),
      sorting,
    });
    const ids = pages.flatMap(idsOf);
    const expected = rows.filter(inView[view]);
    expect(expected.length).toBeGreaterThan(0);
    expect([...ids].sort()).toEqual(expected.map((row) => row.customer_id).sort());
    expectInOrder(ids, sorting);
    for (const { total } of pages) {
      expect(total.customers).toBe(expected.length);
      const spend = expected.reduce((sum, row) => sum + row.expected_spend_minor, 0);
      expect(Math.abs(total.expectedSpendMinor - spend)).toBeLessThan(expected.length);
    }
  });

  it.each(sortings)("goes back by the way it came, by %s", async (sorting) => {
    const first = { ...plainQuery("all"), sorting };
    const pages = await pagesOf(first);
    expect(pages.length).toBeGreaterThan(5);
    for (let at = pages.length - 1; at > 0; at--) {
      const place = pages[at]?.previous;
      const back = await list({ ...first, page: { side: "before", place: place! } });
      expect(idsOf(back)).toEqual(idsOf(pages[at - 1]!));
      expect(back.previous === null).toBe(at === 1);
      expect(back.next).toEqual(pages[at - 1]!.next);
    }
    expect(pages[0]?.previous).toBeNull();
  });

  it("is filtered by tiers of both axes", async () => {
    const filters = [
      { address: "value=moderate,low", is: (row: Row) => /moderate|low/.test(row.clv_tier) },
      { address: "likelihood=low", is: (row: Row) => row.buy_tier === "low" },
      {
        address: "value=moderate&likelihood=high,moderate&sort=likelihood-asc",
        is: (row: Row) => row.clv_tier === "moderate" && /high|moderate/.test(row.buy_tier),
      },
      {
        address: "view=likely&value=high",
        is: (row: Row) => row.buy_tier === "high" && row.clv_tier === "high",
      },
      {
        address: "view=due&likelihood=high",
        is: (row: Row) => inView.due(row) && row.buy_tier === "high",
      },
    ];
    for (const { address, is } of filters) {
      const pages = await pagesOf(query(address));
      const expected = rows.filter(is);
      expect(expected.length).toBeGreaterThan(0);
      expect(pages.flatMap(idsOf).sort()).toEqual(expected.map((row) => row.customer_id).sort());
      expect(pages[0]?.total.customers).toBe(expected.length);
    }
  });

  it("shows each customer's figures, and none of a first-time customer", async () => {
    const pages = await pagesOf(plainQuery("all"));
    for (const shown of pages.flatMap((page) => page.rows)) {
      const row = rows.find((one) => one.customer_id === shown.customerId)!;
      const { next_order_from: from, next_order_to: to } = row;
      expect(shown).toMatchObject({
        tiers: { clv: row.clv_tier, buy: row.buy_tier },
        expectedSpendMinor: figures.value?.(row),
        buyProbability: figures.likelihood?.(row),
        nextOrder: row.buy_tier === "new" || from === null ? null : { from, to },
        lastOrder: isoDay(row.last_day),
      });
    }
  });

  it("tells the last move of the last thirty days, and of one who slips the fall", async () => {
    const shown = (await pagesOf(plainQuery("all"))).flatMap((page) => page.rows);
    let told = 0;
    for (const { customerId, moved } of shown) {
      const last = changes.filter(
        (one) => one.customer_id === customerId && one.day > dayNumber(asOf) - 30,
      );
      expect(moved === null).toBe(last.length === 0);
      if (moved === null) continue;
      told += 1;
      const newest = last.filter(({ day }) => day === last.at(-1)?.day);
      expect(newest.map(({ axis, from_tier }) => [axis, from_tier])).toContainEqual([
        moved.axis,
        moved.from,
      ]);
      expect(moved.on).toBe(isoDay((last.at(-1)?.day ?? 0) - 1));
    }
    expect(told).toBeGreaterThan(0);
    const slipping = (await pagesOf(plainQuery("slipping"))).flatMap((page) => page.rows);
    expect(slipping.map(({ moved }) => moved?.direction)).toEqual(slipping.map(() => "fell"));
  });

  it("begins anew where the place it was left at is gone", async () => {
    const first = await list(plainQuery("all"));
    const beyond = query("after=1~-5~7000");
    expect(idsOf(await list(beyond))).toEqual(idsOf(first));
    const almostFirst = first.rows[3]!;
    const place = { late: false, key: almostFirst.expectedSpendMinor!, customerId: "9" };
    const back = await list({ ...plainQuery("all"), page: { side: "before", place } });
    expect(idsOf(back)).toEqual(idsOf(first));
    expect(back.previous).toBeNull();
  });
});

describe("before there are scores", () => {
  it("says whether orders are still being read, or the store's past carries no predictions", async () => {
    const unknown = shopDomain("unknown.myshopify.com");
    expect(await readCustomers(unknown, plainQuery("all"))).toEqual({ kind: "importing" });
    const young = shopDomain("young.myshopify.com");
    await storeShop(young);
    expect(await readCustomers(young, plainQuery("all"))).toEqual({ kind: "importing" });
    await storePurchases(young, smallStore(dayNumber(asOf), 12));
    await runScoring(young, { asOf, weeks: 0 });
    expect(await readCustomers(young, plainQuery("all"))).toEqual({ kind: "refused" });
  });
});

describe("a search", () => {
  const found = (ids: string[], hasNextPage = false) => ({
    data: {
      customers: {
        nodes: ids.map((id) => ({ id: `gid://shopify/Customer/${id}` })),
        pageInfo: { hasNextPage },
      },
    },
  });
  const searching = (search: string, view: "all" | "high-value" = "all"): CustomersQuery => ({
    ...plainQuery(view),
    search,
  });

  async function listOf(query: CustomersQuery): Promise<CustomersView> {
    const answer = await readCustomers(shop, query);
    if (answer.kind !== "scored") throw new Error(answer.kind);
    return answer.list;
  }

  it("lists those of the view whom Shopify finds, with their totals, in the view's order", async () => {
    const some = rows.slice(0, 40).map(({ customer_id }) => customer_id);
    fake.answers.set("EncoreCustomersFound", () => found([...some, "99999999"], true));
    for (const view of ["all", "high-value"] as const) {
      const list = await listOf(searching("harriet", view));
      const wanted = rows.filter(
        (row) => some.includes(row.customer_id) && (view === "all" || row.clv_tier === "high"),
      );
      expect(list.rows.map(({ customerId }) => customerId).sort()).toEqual(
        wanted.map(({ customer_id }) => customer_id).sort(),
      );
      expect(list.total.customers).toBe(wanted.length);
      const expected = wanted.reduce((sum, row) => sum + row.expected_spend_minor, 0);
      expect(list.total.expectedSpendMinor).toBe(Math.round(expected));
      expect(list.more).toBe(true);
      expectInOrder(
        list.rows.map(({ customerId }) => customerId),
        "value-desc",
      );
    }
    expect(fake.calls[0]?.variables).toEqual({ query: "harriet" });
  });

  it("sends Shopify words, whatever its search would make of them", async () => {
    fake.answers.set("EncoreCustomersFound", () => found([]));
    const list = await listOf(searching("tag:vip OR (x)"));
    expect(list).toMatchObject({ rows: [], total: { customers: 0 }, more: false });
    expect(fake.calls[0]?.variables).toEqual({ query: "tag\\:vip or \\(x\\)" });
  });

  it("by a customer's number asks Shopify nothing", async () => {
    const [{ customer_id: id }] = rows as [Row];
    for (const search of [id, `#${id}`]) {
      expect((await listOf(searching(search))).rows.map(({ customerId }) => customerId)).toEqual([
        id,
      ]);
    }
    expect((await listOf(searching("1"))).rows).toEqual([]);
    expect(fake.calls).toEqual([]);
  });

  it("finds nobody where the shop gave no access to what is searched by", async () => {
    fake.answers.set("EncoreCustomersFound", () => ({
      errors: [{ message: "no", extensions: { code: "ACCESS_DENIED" } }],
      data: null,
    }));
    expect((await listOf(searching("harriet"))).rows).toEqual([]);
  });
});

describe("the names of a page", () => {
  const node = (id: string, displayName: string) => ({
    id: `gid://shopify/Customer/${id}`,
    displayName,
  });

  it("are those that Shopify has, of the customers it knows", async () => {
    fake.answers.set("EncoreCustomerNames", () => ({
      data: { nodes: [node("7000", "Harriet Appleby"), null] },
    }));
    expect(await readPageNames(shop, ["7000", "7013"])).toEqual({
      kind: "names",
      names: { "7000": "Harriet Appleby" },
    });
    expect(fake.calls[0]?.variables).toEqual({
      ids: ["gid://shopify/Customer/7000", "gid://shopify/Customer/7013"],
    });
    expect(await readPageNames(shop, [])).toEqual({ kind: "names", names: {} });
    expect(fake.count("EncoreCustomerNames")).toBe(1);
  });

  it("are none where the shop gave no access to them, and a failure is told with its code", async () => {
    fake.answers.set("EncoreCustomerNames", () => ({
      errors: [{ message: "no", extensions: { code: "ACCESS_DENIED" } }],
      data: { nodes: [] },
    }));
    expect(await readPageNames(shop, ["7000"])).toEqual({ kind: "names", names: {} });
    fake.answers.set("EncoreCustomerNames", () => ({ status: 402 }));
    expect(await readPageNames(shop, ["7000"])).toMatchObject({
      kind: "failed",
      code: expect.stringMatching(/^shopify-/) as string,
    });
  });
});
