import { type DayPlaces, placeDays } from "../histories/day-places.ts";
import { DayTable } from "../histories/day-table.ts";
import type { Histories, History } from "../histories/histories.ts";
import { countHistories, meanAge } from "../histories/history-counts.ts";
import type { Objective } from "../maths/minimize.ts";
import { chancePart, purchasePart } from "./likelihood-parts.ts";
import { fitHistories, type FitOptions } from "./prior.ts";

/**
 * MBG/CNBD-k (Reutterer, Platzer and Schröder 2020): as MBG/NBD, but only every k-th event of the
 * Poisson process is a purchase, so that gaps are Erlang-k: regular for k > 1. α in days.
 */
export type MbgCnbd = {
  model: "mbg-cnbd";
  k: number;
  r: number;
  alpha: number;
  a: number;
  b: number;
  /** Without the term of the single gaps, which depends on no parameter. */
  logLikelihood: number;
};

/** Centre of the weak prior on ln (r, α, a, b); α in units of mean T, k times as fast as MBG's. */
const CENTRE = [-0.7, -1, -0.3, 0.5];

/** Fits MBG/CNBD-k for a given k ≥ 2, with the weak prior unless told otherwise. */
export function fitMbgCnbd(histories: Histories, k: number, options: FitOptions = {}): MbgCnbd {
  const unit = Math.log(meanAge(countHistories(histories)) / k);
  const { point, logLikelihood } = fitHistories((rows) => mbgCnbdObjective(rows, k), histories, {
    ...options,
    centre: CENTRE.map((centre, i) => (i === 1 ? centre + unit : centre)),
  });
  const [r, alpha, a, b] = point.map(Math.exp);
  return { model: "mbg-cnbd", k, r, alpha, a, b, logLikelihood };
}

/**
 * Σ_{j<k} c_j u^j with c_j = Γ(shape + j)/(Γ(shape) j!) and u = (T − t_x)/(α + T): P(fewer than k
 * events since the last purchase) over P(none). Also its derivatives by shape and u.
 */
export function fewEvents(shape: number, u: number, k: number) {
  let value = 1;
  let byShape = 0;
  let byU = 0;
  let term = 1;
  let logSlope = 0;
  for (let j = 1; j < k; j++) {
    byU += term * (shape + j - 1);
    term *= ((shape + j - 1) * u) / j;
    logSlope += 1 / (shape + j - 1);
    value += term;
    byShape += term * logSlope;
  }
  return { value, byShape, byU };
}

/** ln of the odds that the customer is gone, as for MBG/NBD but with waits of k events. */
export function lnOddsGoneRegular(model: Omit<MbgCnbd, "logLikelihood">, history: History): number {
  const { r, alpha, a, b, k } = model;
  const { frequency: x, recency, age } = history;
  const shape = r + k * x;
  const few = fewEvents(shape, (age - recency) / (alpha + age), k).value;
  const silence = Math.log((alpha + age) / (alpha + recency));
  return Math.log(a / (b + x)) + shape * silence - Math.log(few);
}

/** −ln L and its gradient in (ln r, ln α, ln a, ln b), without the term of the single gaps. */
export function mbgCnbdObjective(histories: Histories, k: number): Objective {
  const counts = countHistories(histories);
  const places = placeDays(histories);
  const table = new DayTable(places.days);
  return (point, gradient) => {
    const [r, alpha, a, b] = point.map(Math.exp);
    table.fill(alpha);
    const purchases = purchasePart(counts, { r, alpha, k });
    const chances = chancePart(counts, { a, b, atFirst: 1 });
    const gone = waitingPart({ ...histories, places }, { k, r, a, b }, table);
    gradient[0] = -r * (purchases.byR + gone.byR);
    gradient[1] = -alpha * (purchases.byAlpha + gone.byAlpha);
    gradient[2] = -a * (chances.byA + gone.byA);
    gradient[3] = -b * (chances.byB + gone.byB);
    const value = purchases.value + chances.value + gone.value;
    return Number.isFinite(value) ? -value : Infinity;
  };
}

/** Σ ln(few + e^g), e^g the gone part over the alive part with no event at all since t_x. */
function waitingPart(
  histories: Histories & { places: DayPlaces },
  { k, r, a, b }: { k: number; r: number; a: number; b: number },
  { ln, inverse }: DayTable,
) {
  const { rows, frequency, recencyDays, ageDays, weight } = histories;
  const { recency, age } = histories.places;
  const sums = { value: 0, byR: 0, byAlpha: 0, byA: 0, byB: 0 };
  for (let i = 0; i < rows; i++) {
    const x = frequency[i];
    const shape = r + k * x;
    const u = (ageDays[i] - recencyDays[i]) * inverse[age[i]];
    const few = fewEvents(shape, u, k);
    const lnFew = Math.log(few.value);
    const silence = ln[age[i]] - ln[recency[i]];
    const d = Math.log(a / (b + x)) + shape * silence - lnFew;
    const e = Math.exp(d > 0 ? -d : d);
    const gone = weight[i] * (d > 0 ? 1 / (1 + e) : e / (1 + e));
    const still = (weight[i] - gone) / few.value;
    const slope = shape * (inverse[age[i]] - inverse[recency[i]]);
    sums.value += weight[i] * (lnFew + (d > 0 ? d : 0) + Math.log1p(e));
    sums.byR += gone * silence + still * few.byShape;
    sums.byAlpha += gone * slope - still * few.byU * u * inverse[age[i]];
    sums.byA += gone / a;
    sums.byB -= gone / (b + x);
  }
  return sums;
}
