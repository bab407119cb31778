// Criteria for the engine in every store and window, and whether they are met.
import type { Backtest } from "#engine";

import type { Row } from "./main.ts";

export type Judged = Pick<Backtest, "models" | "baselines" | "baseLogLoss" | "fit">;

/** Largest accepted deficit in log loss, AUC or Gini against a simpler method. */
const ALLOWED = 0.005;

const mean = (list: number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;

function selected({ models }: Judged) {
  const found = models.find(({ model }) => model === "selected");
  if (!found) throw new Error("the backtest selected nothing");
  return found;
}

const singles = ({ models }: Judged) => models.filter(({ model }) => model !== "selected");

/** Log loss of the average minus that of the best single model in hindsight. */
export function logLossGap(result: Judged): number {
  const best = Math.min(...singles(result).map(({ logLoss }) => logLoss));
  return selected(result).logLoss - best;
}

/** Gini of the value score less that of plain past spend. */
function giniLead(result: Judged): number {
  const past = result.baselines.find(({ baseline }) => baseline === "past-spend");
  return (selected(result).value.gini ?? 0) - (past?.value.gini ?? 0);
}

function aucGap(results: Judged[]): number {
  const means = singles(results[0]).map(({ model }) =>
    mean(results.map((one) => one.models.find((each) => each.model === model)?.auc ?? 0)),
  );
  return Math.max(...means) - mean(results.map((one) => selected(one).auc ?? 0));
}

/** One row for each criterion, over all cut-offs of a store. */
export function criteria(name: string, results: Judged[]): Row[] {
  const leads = results.map(giniLead);
  const judge = (what: string, value: number, met: boolean): Row => ({
    what: `${name}: ${what}`,
    measured: `${value.toFixed(4)}: ${met ? "met" : "NOT MET"}`,
  });
  const worst = Math.max(...results.map(logLossGap));
  const behind = aucGap(results);
  return [
    judge("log loss ≤ the best single model's + .005 at each cut-off", worst, worst <= ALLOWED),
    judge("mean AUC ≥ the best single model's − .005", -behind, behind <= ALLOWED),
    judge(
      "Gini of value ≥ past spend's − .005 in each window",
      Math.min(...leads),
      Math.min(...leads) >= -ALLOWED,
    ),
    judge("Gini of value above past spend's on the mean", mean(leads), mean(leads) > 0),
  ];
}
