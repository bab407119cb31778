import { fitCandidate, type Candidate } from "./candidates.ts";
import { frameOf } from "./frame.ts";
import { compressHistories } from "./histories.ts";
import { logLoss } from "./likelihood-metrics.ts";
import { fitMbgNbd } from "./mbg-nbd.ts";
import { outcomesOf } from "./outcomes.ts";
import {
  fitRefinement,
  refineAll,
  withShift,
  type Opinions,
  type Refinement,
} from "./refinement.ts";
import type { When } from "./season-trial.ts";
import { fitSeason } from "./season.ts";
import { buyersOf, meanProbabilities } from "./select.ts";
import { summarize, type Purchases } from "./summary.ts";

/** Log loss in the last window without and with what the window before it taught. */
export type RefinementTrial = { plain: number; refined: number };

export type LearnedRefinement = { refinement: Refinement | null; trial: RefinementTrial | null };

/** With fewer buyers, or others, than this in a window nothing is learned from it. */
const THIN = 100;
const MIN_GAIN = 0.0005;

type Chosen = { chosen: Candidate[]; seasonal: boolean };

/**
 * Learns a refinement from the last window, if one learned from the window before would have
 * helped in the last. A store must be three horizons old.
 */
export function learnRefinement(
  purchases: Purchases,
  when: When,
  models: Chosen,
): LearnedRefinement {
  const nothing = { refinement: null, trial: null };
  const { asOfDay, horizonDays, firstDay } = when;
  if (asOfDay - 3 * horizonDays < firstDay) return nothing;
  const earlier = windowAt(
    purchases,
    { cutoffDay: asOfDay - 2 * horizonDays, horizonDays },
    models,
  );
  const last = windowAt(purchases, { cutoffDay: asOfDay - horizonDays, horizonDays }, models);
  if (Math.min(earlier.fewer, last.fewer) < THIN) return nothing;
  const taught = withShift(fitRefinement(earlier, earlier.buyers), last);
  const rows = { weight: last.histories.weight, buyers: last.buyers };
  const trial = {
    plain: logLoss(last.probabilities, rows),
    refined: logLoss(refineAll(taught, last), rows),
  };
  const helps = trial.plain - trial.refined >= MIN_GAIN;
  return { refinement: helps ? fitRefinement(last, last.buyers) : null, trial };
}

/** What the models said before a window, and who bought in it. */
function windowAt(
  purchases: Purchases,
  { cutoffDay, horizonDays }: { cutoffDay: number; horizonDays: number },
  { chosen, seasonal }: Chosen,
): Opinions & { buyers: Float64Array; fewer: number } {
  const summary = summarize(purchases, cutoffDay);
  const outcomes = outcomesOf(purchases, summary, [cutoffDay, cutoffDay + horizonDays]);
  const season = seasonal
    ? fitSeason(purchases, cutoffDay, fitMbgNbd(compressHistories(summary)))
    : null;
  const frame = frameOf(summary, cutoffDay, season);
  const histories = compressHistories(frame.summary);
  const models = chosen.map((name) => fitCandidate(name, histories));
  return {
    histories,
    probabilities: meanProbabilities(models, histories, frame.days(horizonDays)),
    buyers: buyersOf(histories, frame.summary, outcomes),
    fewer: Math.min(outcomes.buyers, outcomes.customers - outcomes.buyers),
  };
}
