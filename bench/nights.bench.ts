import { fitStore, type Purchases, scoreStore, summarize, traced } from "#engine";
import { giftware } from "#tests/stores/read.ts";
import { dayOf } from "#tests/stores/rows.ts";

import { simulated } from "./accuracy-simulated.ts";
import type { Bench, Row } from "./main.ts";

const NIGHTS = 30;
/** A value that changes by more than this is written again. */
const MOVED = 0.1;

type Values = Map<number, number>;

/** The value of each customer on a day; null where the gate refuses. */
function valuesOn(purchases: Purchases, asOfDay: number): Values | null {
  const summary = summarize(purchases, asOfDay);
  const options = { asOfDay, fullHistory: true, horizonDays: 90, rehearse: true } as const;
  const result = fitStore(summary, purchases, options);
  if (result.kind === "refused") return null;
  const { expectedSpend } = scoreStore(traced(purchases, summary, result.fit), result.fit);
  return new Map(Array.from(summary.index, (who, row) => [who, expectedSpend[row]]));
}

/**
 * For each night, the share of customers without an order that day whose value changed by more than
 * a tenth.
 */
function moves(purchases: Purchases, firstDay: number): number[] {
  const shares: number[] = [];
  let before = valuesOn(purchases, firstDay);
  for (let day = firstDay + 1; day <= firstDay + NIGHTS; day++) {
    const after = valuesOn(purchases, day);
    const ordered = new Set(purchases.customer.filter((_, i) => purchases.day[i] === day - 1));
    if (before && after) {
      const quiet = [...before].filter(([who, value]) => !ordered.has(who) && value > 0);
      const moved = quiet.filter(
        ([who, value]) => Math.abs((after.get(who) ?? 0) / value - 1) > MOVED,
      );
      shares.push(moved.length / Math.max(1, quiet.length));
    }
    before = after;
  }
  return shares;
}

function row(what: string, purchases: Purchases, day: string): Row {
  const shares = moves(purchases, dayOf(day));
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
  return {
    what: `${what}: values of customers without an order that move by more than a tenth in a night`,
    measured: `${percent(mean)} on the mean of ${shares.length} nights, ${percent(Math.max(0, ...shares))} at most`,
    goal: "< 10 %",
  };
}

export default {
  title: "how still values are from one night to the next",
  run: () =>
    Promise.resolve([
      row("gift shop from 2010-08-01", giftware(), "2010-08-01"),
      row("simulated, usual, from 2023-05-01", simulated("simulated, usual"), "2023-05-01"),
      row("simulated, resellers, from 2023-05-01", simulated("simulated, resellers"), "2023-05-01"),
    ]),
} satisfies Bench;
