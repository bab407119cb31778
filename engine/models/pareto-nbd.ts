import { type DayPlaces, daysOf, placeDays, withSteps } from "../histories/day-places.ts";
import type { Histories } from "../histories/histories.ts";
import { countHistories, meanAge } from "../histories/history-counts.ts";
import type { Objective } from "../maths/minimize.ts";
import { type ParetoDerivatives, ParetoTables } from "./pareto-tables.ts";
import { fitHistories, type FitOptions } from "./prior.ts";

/**
 * Pareto/NBD (Schmittlein, Morrison and Colombo 1987): purchases as in the NBD, and a lifetime with
 * dropout rate μ ~ Gamma(s, β) that may end at any moment. α and β in days.
 */
export type ParetoNbd = {
  model: "pareto-nbd";
  r: number;
  alpha: number;
  s: number;
  beta: number;
  logLikelihood: number;
};

/** Centre of the weak prior on ln (r, α, s, β), α and β in units of the store's mean T. */
const CENTRE = [-0.7, -1, -0.6, -0.8];

/** Fits Pareto/NBD to a store, with the weak prior unless told otherwise. */
export function fitParetoNbd(histories: Histories, options: FitOptions = {}): ParetoNbd {
  const unit = Math.log(meanAge(countHistories(histories)));
  const { point, logLikelihood } = fitHistories(paretoObjective, histories, {
    ...options,
    centre: CENTRE.map((centre, i) => (i % 2 === 1 ? centre + unit : centre)),
  });
  const [r, alpha, s, beta] = point.map(Math.exp);
  return { model: "pareto-nbd", r, alpha, s, beta, logLikelihood };
}

/** Sums of ln L and its derivatives by r, α, s and β. */
type Sums = { value: number; byR: number; byAlpha: number; byS: number; byBeta: number };

/** −ln L and its gradient in (ln r, ln α, ln s, ln β), time in days, summed over a store. */
export function paretoObjective(histories: Histories): Objective {
  const { rows, frequency } = histories;
  const places = placeDays(histories, withSteps(daysOf(histories)));
  return (point, gradient) => {
    const [r, alpha, s, beta] = point.map(Math.exp);
    const parameters = { r, alpha, s, beta };
    const tables = new ParetoTables(parameters, places.days);
    const sums: Sums = { value: 0, byR: 0, byAlpha: 0, byS: 0, byBeta: 0 };
    let lnRising = 0;
    let byRising = 0;
    let x = 0;
    for (let from = 0; from < rows;) {
      for (; x < frequency[from]; x++) {
        lnRising += Math.log(r + x);
        byRising += 1 / (r + x);
      }
      let until = from;
      let customers = 0;
      for (; until < rows && frequency[until] === x; until++) customers += histories.weight[until];
      // Rows are sorted by t_x within an x: no table is read before that of the first.
      const first = places.recency[from];
      sums.value += customers * (lnRising + r * Math.log(alpha) + s * Math.log(beta));
      sums.byR += customers * (byRising + Math.log(alpha));
      sums.byAlpha += (customers * r) / alpha;
      sums.byS += customers * Math.log(beta);
      sums.byBeta += (customers * s) / beta;
      addGroup(sums, {
        histories,
        places,
        from,
        until,
        tables,
        parameters,
        integral: tables.derivatives(x, first),
      });
      from = until;
    }
    gradient[0] = -r * sums.byR;
    gradient[1] = -alpha * sums.byAlpha;
    gradient[2] = -s * sums.byS;
    gradient[3] = -beta * sums.byBeta;
    return Number.isFinite(sums.value) ? -sums.value : Infinity;
  };
}

type Group = {
  histories: Histories;
  places: DayPlaces;
  from: number;
  until: number;
  tables: ParetoTables;
  parameters: { r: number; alpha: number; s: number; beta: number };
  integral: ParetoDerivatives;
};

/**
 * Adds ln [G(T) + ∫_{t_x}^T …] of the customers with one frequency. Divided by G(t_x) that is
 * e^−D (1 − J(T)) + J(t_x) with e^−D = G(T)/G(t_x): terms of one sign and size.
 */
function addGroup(sums: Sums, group: Group): void {
  const { recencyDays, ageDays, weight, frequency } = group.histories;
  const { tables, integral, places } = group;
  const { r, alpha, s, beta } = group.parameters;
  const shape = r + frequency[group.from];
  const { lnAlpha, lnBeta } = tables;
  for (let i = group.from; i < group.until; i++) {
    const recency = places.recency[i];
    const age = places.age[i];
    const silentAlpha = lnAlpha[age] - lnAlpha[recency];
    const silentBeta = lnBeta[age] - lnBeta[recency];
    const decay = Math.exp(-shape * silentAlpha - s * silentBeta);
    const beyond = 1 - integral.table[age];
    const bracket = decay * beyond + integral.table[recency];
    const alive = decay * beyond;
    const slopeAlpha = shape * (1 / (alpha + ageDays[i]) - 1 / (alpha + recencyDays[i]));
    const slopeBeta = s * (1 / (beta + ageDays[i]) - 1 / (beta + recencyDays[i]));
    const byR = integral.byR[recency] - decay * integral.byR[age] - alive * silentAlpha;
    const byS = integral.byS[recency] - decay * integral.byS[age] - alive * silentBeta;
    const byAlpha = integral.byAlpha[recency] - decay * integral.byAlpha[age] - alive * slopeAlpha;
    const byBeta = integral.byBeta[recency] - decay * integral.byBeta[age] - alive * slopeBeta;
    const share = weight[i] / bracket;
    sums.value += weight[i] * (Math.log(bracket) - shape * lnAlpha[recency] - s * lnBeta[recency]);
    sums.byR += share * byR - weight[i] * lnAlpha[recency];
    sums.byS += share * byS - weight[i] * lnBeta[recency];
    sums.byAlpha += share * byAlpha - (weight[i] * shape) / (alpha + recencyDays[i]);
    sums.byBeta += share * byBeta - (weight[i] * s) / (beta + recencyDays[i]);
  }
}
