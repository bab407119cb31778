import { pastWindows, type PastWindow } from "./past-windows.ts";
import { averageOf } from "./predict.ts";
import { learnRefinement, type RefinementTrial } from "./refinement-trial.ts";
import type { Refinement } from "./refinement.ts";
import { seasonWins, trySeason, type SeasonTrial, type When } from "./season-trial.ts";
import { selectModels, weighModels, type Selection } from "./select.ts";
import { fitSpend, meanSpend } from "./spend.ts";
import type { Purchases } from "./summary.ts";
import { choosePastWeight, sampleRows, type SpendWindow } from "./value.ts";

/** What past windows teach of models and value. */
type Weights = Pick<Selection, "chosen" | "weights">;

/** What a store's own past windows teach: how much to trust which models, season and value. */
export type Rehearsal = Selection & {
  cutoffDay: number;
  /** Length of the window: the horizon, or less in a young store of fast rhythm (`testDays`). */
  horizonDays: number;
  /** How many windows of that length were looked at, the last included. */
  windows: number;
  /** How much of the value is read off past spend. */
  pastWeight: number;
  /** Whether the store's months have won the right to be believed, and by what. */
  seasonal: boolean;
  seasonTrials: SeasonTrial[];
  /** What the last window taught beyond the models, where that had helped before; and how much. */
  refinement: Refinement | null;
  refinementTrial: RefinementTrial | null;
};

/**
 * Stands one horizon back, and again half a horizon further: fits everything on what was known then
 * and looks at what happened since. Null when the store is not twice the horizon old.
 */
export function rehearse(purchases: Purchases, when: When): Rehearsal | null {
  const { asOfDay, horizonDays, firstDay } = when;
  if (asOfDay - firstDay < 2 * horizonDays) return null;
  const seasonTrials = trySeason(purchases, when);
  const seasonal = seasonWins(seasonTrials);
  const [last, ...earlier] = pastWindows(purchases, when, seasonal);
  const windows: [PastWindow, ...PastWindow[]] = [last, ...earlier];
  const selection = selectModels(windows);
  const { refinement, trial } = learnRefinement(windows, selection);
  return {
    ...selection,
    cutoffDay: last.cutoffDay,
    horizonDays,
    windows: windows.length,
    pastWeight: pastWeightOf(windows, selection),
    seasonal,
    seasonTrials,
    refinement,
    refinementTrial: trial,
  };
}

/** What a store that is too young to be tested has to go by: windows of half the horizon, if any. */
export function learnYoung(purchases: Purchases, when: When): Weights & { pastWeight: number } {
  const horizonDays = Math.max(1, Math.floor(when.horizonDays / 2));
  const windows = pastWindows(purchases, { ...when, horizonDays }, false);
  const weights = weighModels(windows);
  return { ...weights, pastWeight: pastWeightOf(windows, weights) };
}

function pastWeightOf(windows: PastWindow[], weights: Weights): number {
  return choosePastWeight(windows.map((window) => spendWindow(window, weights)));
}

/** What the chosen models expected of each customer before a window, beside what was spent. */
function spendWindow(window: PastWindow, { chosen, weights }: Weights): SpendWindow {
  const { summary, outcomes, frame, ahead } = window;
  const all = summary.meanSpend.map((mean, i) => mean * (summary.frequency[i] + 1));
  const rows = sampleRows(all);
  const [likelihood, ...others] = chosen.map(window.fit);
  const forecast = averageOf({ likelihood, others, weights });
  const spend = fitSpend(summary);
  const modelSpend = Float64Array.from(rows, (i) => {
    const history = {
      frequency: summary.frequency[i],
      recency: frame.summary.recencyDays[i],
      age: frame.summary.ageDays[i],
    };
    const orders = forecast.orders(history, ahead);
    return orders * meanSpend(spend, history.frequency + 1, summary.meanSpend[i]);
  });
  return {
    modelSpend,
    pastSpend: Float64Array.from(rows, (i) => all[i]),
    spent: Float64Array.from(rows, (i) => outcomes.spend[i]),
  };
}
