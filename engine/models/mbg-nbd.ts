import type { Histories } from "../histories/histories.ts";
import { countHistories, meanAge } from "../histories/history-counts.ts";
import { betaGeometricObjective } from "./beta-geometric-fit.ts";
import { fitHistories, type FitOptions, type Prior } from "./prior.ts";

/** Parameters of MBG/NBD (Batislam et al. 2007), α in days, and ln L at them. */
export type MbgNbd = {
  model: "mbg-nbd";
  r: number;
  alpha: number;
  a: number;
  b: number;
  logLikelihood: number;
};

/** Centre of the weak prior on ln (r, α, a, b), α in units of the store's mean T. */
const CENTRE = [-0.7, -1, -0.3, 0.5];

/** The weak prior of a store: its centre is relative to the store's mean T. */
export function mbgPriorOf(histories: Histories): Prior {
  const unit = Math.log(meanAge(countHistories(histories)));
  return { centre: CENTRE.map((centre, i) => (i === 1 ? centre + unit : centre)) };
}

/** Fits MBG/NBD to a store, with the weak prior unless told otherwise. */
export function fitMbgNbd(histories: Histories, options: FitOptions = {}): MbgNbd {
  const { point, logLikelihood } = fitHistories(
    (rows) => betaGeometricObjective(rows, 1),
    histories,
    {
      ...options,
      ...mbgPriorOf(histories),
    },
  );
  const [r, alpha, a, b] = point.map(Math.exp);
  return { model: "mbg-nbd", r, alpha, a, b, logLikelihood };
}
