import type { Candidate } from "./candidates.ts";
import { logLoss } from "./likelihood-metrics.ts";
import { fewerOf, type PastWindow } from "./past-windows.ts";
import {
  fitRefinement,
  refineAll,
  withShift,
  type Opinions,
  type Refinement,
} from "./refinement.ts";
import { weighted } from "./history-rows.ts";

/** Log loss in the last window without and with what the window before it taught. */
export type RefinementTrial = { plain: number; refined: number };

export type LearnedRefinement = { refinement: Refinement | null; trial: RefinementTrial | null };

/** With fewer buyers, or others, than this in a window nothing is learned from it. */
const THIN = 100;
const MIN_GAIN = 0.0005;

/**
 * Learns a refinement from the last window, if one learned from the window before, that ended when
 * the last began, would have helped in the last.
 */
export function learnRefinement(
  windows: PastWindow[],
  models: { chosen: Candidate[]; weights: number[] },
): LearnedRefinement {
  const nothing = { refinement: null, trial: null };
  const last = windows.at(0);
  const earlier = windows.find(
    ({ cutoffDay, horizonDays }) => last && cutoffDay + horizonDays <= last.cutoffDay,
  );
  if (!last || !earlier || Math.min(fewerOf(earlier), fewerOf(last)) < THIN) return nothing;
  const [before, now] = [opinionsOf(earlier, models), opinionsOf(last, models)];
  const taught = withShift(fitRefinement(before, earlier.buyers), now);
  const rows = { weight: last.histories.weight, buyers: last.buyers };
  const trial = {
    plain: logLoss(now.probabilities, rows),
    refined: logLoss(refineAll(taught, now), rows),
  };
  const helps = trial.plain - trial.refined >= MIN_GAIN;
  return { refinement: helps ? fitRefinement(now, last.buyers) : null, trial };
}

function opinionsOf(
  { histories, probabilities }: PastWindow,
  { chosen, weights }: { chosen: Candidate[]; weights: number[] },
): Opinions {
  return { histories, probabilities: weighted(chosen.map(probabilities), weights) };
}
