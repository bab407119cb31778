import { expect, it } from "vitest";

import { fitStore } from "../fit.ts";
import { summarize } from "../histories/summary.ts";
import { traced } from "../histories/traces.ts";
import { scoreStore } from "../score.ts";
import { simulateStore } from "../simulate.ts";
import { learnNextOrder } from "./learn-next-order.ts";
import { Past } from "./past-views.ts";

const strict = {
  seed: 12,
  customers: 3000,
  startDay: 0,
  endDay: 1500,
  likelihood: { r: 6, alpha: 60, a: 0.3, b: 6 },
  regularity: 4,
};
const { purchases } = simulateStore(strict);

it("the window of the next order is narrowed for a store more regular than its model", () => {
  const place = { asOfDay: 1000, horizonDays: 90, firstDay: 0, seasonal: false };
  const levels = learnNextOrder(new Past(purchases), { chosen: ["mbg-nbd"], weights: [1] }, place)!;
  expect(levels.to - levels.from).toBeLessThan(0.4);
  expect(
    learnNextOrder(
      new Past(purchases),
      { chosen: ["mbg-nbd"], weights: [1] },
      { ...place, asOfDay: 1 },
    ),
  ).toBeNull();
});

it(
  "half of the next orders lie inside the window, a quarter before it",
  { timeout: 180_000 },
  () => {
    const asOfDay = 1000;
    const plain = summarize(purchases, asOfDay);
    const options = { asOfDay, fullHistory: true, horizonDays: 90, rehearse: true } as const;
    const result = fitStore(plain, purchases, { ...options, evenIfRefused: true });
    if (result.kind === "refused") throw new Error("fitted even if refused");
    const summary = traced(purchases, plain, result.fit);
    const { nextOrderFromDay: from, nextOrderToDay: to } = scoreStore(summary, result.fit);
    const next = new Map<number, number>();
    purchases.day.forEach((day, i) => {
      const who = purchases.customer[i];
      if (day >= asOfDay && day < asOfDay + 365 && !next.has(who)) next.set(who, day);
    });
    let [before, inside, all] = [0, 0, 0];
    summary.index.forEach((who, row) => {
      const day = next.get(who);
      if (from[row] === -1 || day === undefined) return;
      all++;
      if (day < from[row]) before++;
      else if (day <= to[row]) inside++;
    });
    expect(all).toBeGreaterThan(300);
    expect(Math.abs(before / all - 0.25)).toBeLessThan(0.08);
    expect(Math.abs(inside / all - 0.5)).toBeLessThan(0.1);
  },
);
