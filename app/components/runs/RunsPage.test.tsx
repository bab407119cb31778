import { describe, expect, it } from "vitest";

import type { OrderRun } from "#app/orders/reconcile/order-runs.server.ts";
import { taskNames } from "#app/queue/task-names.ts";
import type { Run, RunsView } from "#app/scoring/views/runs.ts";
import { renderHtml, renderText } from "#tests/setup/render.tsx";

import { RunsPage } from "./RunsPage.tsx";

const none = { orders: 0, named: [], unnamed: 0 };
const order = { errorCode: null, added: 0, changed: 0, removed: 0, unreadable: 0 };
const runs: Run[] = [
  {
    kind: "score",
    id: "s2",
    at: "2026-11-21T02:00:00.000Z",
    horizonDays: 90,
    orders: 1_200,
    scored: {
      customers: 400,
      moves: { clv: { up: 4, down: 7 }, buy: { up: 0, down: 0 } },
    },
    unmet: 0,
  },
  {
    ...{ ...order, kind: "check", id: "c1", at: "2026-11-21T01:00:00.000Z", state: "done" },
    ...{ orders: 12, added: 1, changed: 2, removed: 1 },
  },
  {
    ...{ ...order, kind: "check", id: "c0", at: "2026-11-20T01:00:00.000Z", state: "done" },
    orders: 9,
  },
  {
    kind: "weeks",
    id: "weeks",
    at: "2026-11-19T10:03:00.000Z",
    weeks: 13,
    from: "2026-08-20",
    to: "2026-11-12",
  },
  {
    ...{ ...order, kind: "import", id: "i1", at: "2026-11-19T10:00:00.000Z", state: "done" },
    ...{ orders: 1_300, unreadable: 1 },
  },
];
const view: RunsView = {
  timeZone: "Europe/London",
  failed: [],
  unreadable: none,
  runs,
  more: false,
};

const page = (changes: Partial<RunsView> = {}, locale = "en") =>
  renderText(<RunsPage view={{ ...view, ...changes }} />, locale);

describe("the page of runs", () => {
  it("says that all is well, and what each run did and changed", () => {
    const text = page();
    expect(text).toContain(
      "Everything works. Customers were last scored on Nov 21, 2026, 2:00 AM.",
    );
    expect(text).toContain(
      "400 customers, for the next 90 days. 1,200 orders counted. " +
        "Customer lifetime value: 4 moved up, 7 down. Purchase likelihood: nobody moved.",
    );
    expect(text).toContain(
      "12 recently changed orders compared. 1 had been missed and was added. " +
        "2 were brought up to date. 1 that is no longer in your store was removed.",
    );
    expect(text).toContain("9 recently changed orders compared. Nothing was missing.");
    expect(text).toContain("13 weeks, from Aug 20, 2026 to Nov 12, 2026");
    expect(text).toContain("1,300 orders read. 1 could not be read.");
    expect(text).not.toContain("Problems");
    expect(text).not.toContain("are shown");
    expect(page({ more: true })).toContain("The last 30 are shown.");
  });

  it("says nothing of moves that were not counted, and how many rules a refused run missed", () => {
    const [scored] = runs as [Extract<Run, { kind: "score" }>];
    const uncounted = page({ runs: [{ ...scored, scored: { customers: 1, moves: null } }] });
    expect(uncounted).toContain("1 customer, for the next 90 days. 1,200 orders counted.");
    expect(uncounted).not.toContain("moved");
    const refused = page({ runs: [{ ...scored, scored: null, unmet: 2 }] });
    expect(refused).toContain("Not enough to go on: 2 conditions were not met");
  });

  it("names what failed with its reason, and offers a retry where a person can", () => {
    const task = { at: "2026-11-21T03:00:00.000Z", againAt: "2026-11-21T03:10:00.000Z" };
    const failed = [
      { ...task, task: "orders.import", errorCode: "shopify-unreachable" },
      { ...task, task: "shop.follow", errorCode: "shopify-throttled" },
    ] as const;
    const text = page({ failed: [...failed] });
    expect(text).toContain("2 tasks stopped.");
    expect(text).toContain("Reading your orders from Shopify Shopify could not be reached.");
    expect(text).toContain("Encore tries again by itself after Nov 21, 2026, 3:10 AM.");
    const html = renderHtml(<RunsPage view={{ ...view, failed: [...failed] }} />);
    expect(html.match(/aria-label="Try again: [^"]*"/g)).toEqual([
      'aria-label="Try again: Reading your orders from Shopify"',
    ]);
  });

  it("names unreadable orders", () => {
    const unreadable = {
      orders: 1,
      named: [{ orderId: "5501", reason: "time" as const }],
      unnamed: 0,
    };
    const text = page({ unreadable });
    expect(text).toContain("Everything ran, but 1 order could not be read.");
    expect(text).toContain("Order 5501 (a date in it is not one)");
  });

  it("shows a run under way, and one that failed with its reason or without one", () => {
    const [, check] = runs as [Run, OrderRun];
    const running = page({
      runs: [{ ...check, state: "running", added: 0, changed: 0, removed: 0 }],
    });
    expect(running).toContain("Under way. 12 recently changed orders compared.");
    expect(running).not.toContain("Nothing was missing");
    const failed = { ...check, kind: "import", state: "failed" } as const;
    expect(page({ runs: [failed] })).toContain("It was stopped, and begun again from the start.");
    const reason = { ...failed, errorCode: "shopify-bulk-failed" };
    expect(page({ runs: [reason] })).toContain("Shopify stopped preparing the data");
  });

  it("has words for every task and run in both languages", () => {
    const at = "2026-11-21T03:00:00.000Z";
    const failed = taskNames.map((task) => ({
      task,
      errorCode: "shopify-rejected",
      at,
      againAt: at,
    }));
    for (const locale of ["en", "fr"]) {
      expect(page({ failed }, locale)).not.toMatch(/runs\.|progress\.|\{\{/);
    }
    expect(page({ failed }, "fr")).not.toMatch(/orders?\b|customers?\b|moved/i);
    expect(page({ runs: [] })).toContain("Nothing is scored yet.");
  });
});
