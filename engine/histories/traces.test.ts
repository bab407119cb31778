import { expect, it } from "vitest";

import { pickRows } from "../learning/window-sample.ts";
import { simulateStore } from "../simulate.ts";
import { summarize } from "./summary.ts";
import { readTraces } from "./traces.ts";

it("traces are the customer's purchase days, counted and measured", () => {
  const purchases = {
    customer: Int32Array.from([0, 0, 0, 0, 1]),
    day: Int32Array.from([600, 650, 980, 990, 1200]),
    amount: Float64Array.from([1, 1, 1, 1, 1]),
    customers: 2,
  };
  const traces = readTraces(purchases, summarize(purchases, 1000), {
    asOfDay: 1000,
    horizonDays: 30,
  });
  expect(Object.values(traces).map((values) => values[0])).toEqual([
    2,
    2,
    2,
    3,
    1, // day 650 lies in [635, 665)
    10,
    Math.fround((Math.log(50) + Math.log(330) + Math.log(10)) / 3),
  ]);
});

it("a sample of customers has the same traces as in the whole store", () => {
  const { purchases } = simulateStore({ seed: 4, customers: 300, startDay: 0, endDay: 600 });
  const summary = summarize(purchases, 500);
  const when = { asOfDay: 500, horizonDays: 90 };
  const all = readTraces(purchases, summary, when);
  const rows = Uint32Array.from(summary.index.keys()).filter((row) => row % 7 === 3);
  const some = readTraces(purchases, pickRows(summary, rows), when);
  Object.values(all).forEach((values, i) => {
    expect(Array.from(Object.values(some)[i])).toEqual(Array.from(rows, (row) => values[row]));
  });
});
