import type { Histories } from "../histories/histories.ts";
import { countHistories, meanAge } from "../histories/history-counts.ts";
import type { Objective } from "../maths/minimize.ts";
import { purchasePart } from "./likelihood-parts.ts";
import { fitHistories, type FitOptions } from "./prior.ts";

/**
 * NBD (Ehrenberg 1959): nobody ever leaves; rates λ ~ Gamma(r, α), α in days. A baseline for the
 * other models, and right for stores whose customers hardly ever leave.
 */
export type Nbd = { model: "nbd"; r: number; alpha: number; logLikelihood: number };

/** Centre of the weak prior on ln (r, α), α in units of the store's mean T. */
const CENTRE = [-1, -1];

/** −ln L and its gradient in (ln r, ln α). */
export function nbdObjective(histories: Histories): Objective {
  const counts = countHistories(histories);
  return (point, gradient) => {
    const [r, alpha] = point.map(Math.exp);
    const { value, byR, byAlpha } = purchasePart(counts, { r, alpha });
    gradient[0] = -r * byR;
    gradient[1] = -alpha * byAlpha;
    return Number.isFinite(value) ? -value : Infinity;
  };
}

/** Fits NBD to a store, with the weak prior unless told otherwise. */
export function fitNbd(histories: Histories, options: FitOptions = {}): Nbd {
  const unit = Math.log(meanAge(countHistories(histories)));
  const { point, logLikelihood } = fitHistories(nbdObjective, histories, {
    ...options,
    centre: [CENTRE[0], CENTRE[1] + unit],
  });
  const [r, alpha] = point.map(Math.exp);
  return { model: "nbd", r, alpha, logLikelihood };
}
