import type { Histories } from "../histories/histories.ts";
import { countHistories, meanAge } from "../histories/history-counts.ts";
import { lnBeta, lnGamma } from "../maths/special.ts";
import type { BetaGeometric } from "./beta-geometric.ts";
import { betaGeometricObjective } from "./beta-geometric-fit.ts";
import { fitHistories, type FitOptions } from "./prior.ts";

/** Parameters of BG/NBD (Fader, Hardie and Lee 2005), α in days, and ln L at them. */
export type BgNbd = {
  model: "bg-nbd";
  r: number;
  alpha: number;
  a: number;
  b: number;
  logLikelihood: number;
};

/** Centre of the weak prior on ln (r, α, a, b), α in units of the store's mean T. */
const CENTRE = [-1, -1.3, -0.3, 0.8];

/** Fits BG/NBD to a store, with the weak prior unless told otherwise. */
export function fitBgNbd(histories: Histories, options: FitOptions = {}): BgNbd {
  const unit = Math.log(meanAge(countHistories(histories)));
  const { point, logLikelihood } = fitHistories(
    (rows) => betaGeometricObjective(rows, 0),
    histories,
    {
      ...options,
      centre: CENTRE.map((centre, i) => (i === 1 ? centre + unit : centre)),
    },
  );
  const [r, alpha, a, b] = point.map(Math.exp);
  return { model: "bg-nbd", r, alpha, a, b, logLikelihood };
}

/** P(X(t) = x) for a customer drawn at random: Fader, Hardie and Lee 2005, equation 8. */
export function bgPurchasesProbability(
  { r, alpha, a, b }: Omit<BetaGeometric, "atFirst">,
  x: number,
  time: number,
): number {
  const lnStill = r * Math.log(alpha / (alpha + time));
  const lnMoved = Math.log(time / (alpha + time));
  const lnTerm = (j: number) =>
    lnGamma(r + j) - lnGamma(r) - lnGamma(j + 1) + lnStill + j * lnMoved;
  const alive = Math.exp(lnBeta(a, b + x) - lnBeta(a, b) + lnTerm(x));
  if (x === 0) return alive;
  let fewer = 0;
  for (let j = 0; j < x; j++) fewer += Math.exp(lnTerm(j));
  return alive + Math.exp(lnBeta(a + 1, b + x - 1) - lnBeta(a, b)) * (1 - fewer);
}
