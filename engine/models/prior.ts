import type { Histories } from "../histories/histories.ts";
import { minimize, type Minimum, type Objective } from "../maths/minimize.ts";

/**
 * Independent normal(centre, 1) priors on log parameters: weak, since any store with some hundred
 * customers outweighs them, and decisive, since plain maximum likelihood runs to extreme parameters
 * in 60 % of samples of 25 customers and 22 % of samples of 200.
 */
export type Prior = { centre: number[] };

/**
 * Where the search for the parameters of similar histories ended: the next one begins there, and
 * ends at the same minimum in a third of the steps. Each search leaves its own end here.
 */
export type Near = { end?: Pick<Minimum, "point" | "inverse"> };

export type FitOptions = {
  /** Whether a fit uses its prior (the default) or is plain maximum likelihood, as published tables. */
  prior?: boolean;
  near?: Near;
};

/** One sum to be fitted: −ln L with its gradient, and over how many observations. */
export type Sum = { objective: Objective; observations: number };

/**
 * Minimizes −ln L, or −ln L − ln prior, for each observation, from the prior's centre. A large sum
 * may bring a rough one, over a sample: the search begins on that, and the whole sum is needed only
 * for the last few steps. The minimum is that of the whole sum either way.
 */
export function fitParameters(
  whole: Sum,
  { centre }: Prior,
  { prior = true, near, rough }: FitOptions & { rough?: Sum },
): Minimum {
  const held = prior ? centre : null;
  let begin = near?.end;
  if (!begin && rough) begin = minimize(penalized(rough, held), centre, { tolerance: 1e-7 });
  const start = begin ? [...begin.point] : centre;
  const end = minimize(penalized(whole, held), start, { inverse: begin?.inverse });
  if (near) near.end = end;
  return end;
}

function penalized({ objective, observations }: Sum, centre: number[] | null): Objective {
  const scale = 1 / Math.max(1, observations);
  return (point, gradient) => {
    let value = objective(point, gradient);
    for (let i = 0; i < point.length; i++) {
      const away = centre ? point[i] - centre[i] : 0;
      value += (away * away) / 2;
      gradient[i] = (gradient[i] + away) * scale;
    }
    return value * scale;
  };
}

/** Histories beyond this many rows are fitted to a sample first. */
const ROUGH_ROWS = 20_000;

/** Fits one of the likelihood models to a store's histories. */
export function fitHistories(
  objectiveOf: (histories: Histories) => Objective,
  histories: Histories,
  options: FitOptions & { centre: number[] },
): { point: Float64Array; logLikelihood: number } {
  const whole = { objective: objectiveOf(histories), observations: histories.customers };
  const sample = everySo(histories, Math.floor(histories.rows / ROUGH_ROWS));
  const rough = sample && { objective: objectiveOf(sample), observations: sample.customers };
  const { point } = fitParameters(whole, { centre: options.centre }, { ...options, rough });
  return { point, logLikelihood: 0 - whole.objective(point, new Float64Array(point.length)) };
}

/** Every so manieth row: rows are sorted, so that the sample is even over all histories. */
function everySo(histories: Histories, step: number): Histories | undefined {
  if (step < 2) return undefined;
  const pick = (_: number, row: number) => row % step === 0;
  const weight = histories.weight.filter(pick);
  return {
    rows: weight.length,
    frequency: histories.frequency.filter(pick),
    recencyDays: histories.recencyDays.filter(pick),
    ageDays: histories.ageDays.filter(pick),
    weight,
    customers: weight.reduce((sum, one) => sum + one, 0),
  };
}
