import { beforeAll, describe, expect, it } from "vitest";

import { cdnow, giftware } from "../../tests/stores/read.ts";
import { dayOf } from "../../tests/stores/rows.ts";
import { compressHistories } from "../histories/histories.ts";
import { outcomesOf } from "../histories/outcomes.ts";
import { type Purchases, summarize } from "../histories/summary.ts";
import { type LikelihoodMetrics, likelihoodMetrics } from "../maths/likelihood-metrics.ts";
import { candidates, fitCandidate } from "../models/candidates.ts";
import { buyersOf, buyProbabilities, weighted } from "../models/history-rows.ts";
import { simulateStore } from "../simulate.ts";
import { Past } from "./past-views.ts";
import { pastWindows, windowAt } from "./past-windows.ts";
import { weighModels } from "./weigh-models.ts";

const HORIZON = 90;

/** Many fits to real stores: about two seconds on an idle machine, more beside other work. */
const SLOW = { timeout: 180_000 };

/** Selects on the windows before a cut-off and judges on the window after it. */
function judge(purchases: Purchases, cutoff: number) {
  let firstDay = cutoff;
  for (const day of purchases.day) firstDay = Math.min(firstDay, day);
  const when = { asOfDay: cutoff, horizonDays: HORIZON, firstDay };
  const { chosen, weights } = weighModels(pastWindows(new Past(purchases), when, false));
  const summary = summarize(purchases, cutoff);
  const histories = compressHistories(summary);
  const outcomes = outcomesOf(purchases, summary, [cutoff, cutoff + HORIZON]);
  const rows = { weight: histories.weight, buyers: buyersOf(histories, summary, outcomes) };
  const of = new Map(
    candidates.map((name) => [
      name,
      buyProbabilities(fitCandidate(name, histories), histories, 90),
    ]),
  );
  const average = weighted(
    chosen.map((name) => of.get(name)!),
    weights,
  );
  const singles = candidates.map((name) => likelihoodMetrics(of.get(name)!, rows));
  return { selected: likelihoodMetrics(average, rows), singles };
}

function gaps(judged: { selected: LikelihoodMetrics; singles: LikelihoodMetrics[] }[]) {
  const loss = judged.map(
    ({ selected, singles }) => selected.logLoss - Math.min(...singles.map((one) => one.logLoss)),
  );
  const meanAuc = judged.reduce((sum, { selected }) => sum + selected.auc!, 0) / judged.length;
  const meanOf = (i: number) =>
    judged.reduce((sum, { singles }) => sum + singles[i].auc!, 0) / judged.length;
  return { loss, auc: Math.max(...candidates.map((_, i) => meanOf(i))) - meanAuc };
}

describe("the selected models are hardly worse than the best single one, out of time", SLOW, () => {
  it("in the gift shop", () => {
    const store = giftware();
    const days = ["2010-06-01", "2010-07-01", "2010-08-01", "2010-09-01"];
    const { loss, auc } = gaps(days.map((day) => judge(store, dayOf(day))));
    for (const gap of loss) expect(gap).toBeLessThan(0.005);
    expect(auc).toBeLessThan(0.005);
  });

  it("in CDNOW", () => {
    const store = cdnow();
    const days = ["1997-07-01", "1997-10-01", "1998-01-01", "1998-04-01"];
    const { loss, auc } = gaps(days.map((day) => judge(store, dayOf(day))));
    for (const gap of loss) expect(gap).toBeLessThan(0.005);
    expect(auc).toBeLessThan(0.005);
  });
});

describe("the window", () => {
  let store: Purchases;
  beforeAll(() => {
    store = simulateStore({ seed: 2, customers: 3000, startDay: 0, endDay: 600 }).purchases;
  });

  it("counts as buyers exactly those who bought", () => {
    const summary = summarize(store, 500);
    const outcomes = outcomesOf(store, summary, [500, 600]);
    const histories = compressHistories(summary);
    const buyers = buyersOf(histories, summary, outcomes);
    expect(buyers.reduce((sum, count) => sum + count, 0)).toBe(outcomes.buyers);
    buyers.forEach((count, row) => expect(count).toBeLessThanOrEqual(histories.weight[row]));
  });

  it("with too few buyers leaves the weights at the prior", () => {
    const when = { asOfDay: 599, horizonDays: 1, firstDay: 598 };
    const thin = windowAt(new Past(store), {
      cutoffDay: 598,
      horizonDays: 1,
      firstDay: 598,
      seasonal: false,
    });
    expect(thin.outcomes.buyers).toBeLessThan(20);
    expect(weighModels([thin])).toEqual(weighModels(pastWindows(new Past(store), when, false)));
    expect(weighModels([thin]).weights[0]).toBe(0.3);
  });
});
