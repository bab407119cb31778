import type { BetaGeometric } from "./beta-geometric.ts";
import { betaGeometricObjective } from "./beta-geometric-fit.ts";
import type { Histories } from "./histories.ts";
import { fitParameters, type FitOptions } from "./prior.ts";
import { meanAge, tally } from "./tally.ts";

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

/** Fits MBG/NBD to a store, with the weak prior unless told otherwise. */
export function fitMbgNbd(histories: Histories, options: FitOptions = {}): MbgNbd {
  const unit = Math.log(meanAge(tally(histories)));
  const objective = betaGeometricObjective(histories, 1);
  const { point } = fitParameters(
    objective,
    { centre: CENTRE.map((centre, i) => (i === 1 ? centre + unit : centre)) },
    { observations: histories.customers, prior: options.prior },
  );
  const [r, alpha, a, b] = point.map(Math.exp);
  const logLikelihood = 0 - objective(point, new Float64Array(4));
  return { model: "mbg-nbd", r, alpha, a, b, logLikelihood };
}

/** The parameters in the form the shared functions of the beta-geometric family take. */
export function asBetaGeometric({ r, alpha, a, b }: MbgNbd): BetaGeometric {
  return { r, alpha, a, b, atFirst: 1 };
}
