import { minimize, type Minimum, type Objective } from "./minimize.ts";

/**
 * Independent normal(centre, 1) priors on log parameters: weak, since any store with some hundred
 * customers outweighs them, and decisive, since plain maximum likelihood runs to extreme parameters
 * in 60 % of samples of 25 customers and 22 % of samples of 200.
 */
export type Prior = { centre: number[] };

/** Whether a fit uses its prior (the default) or is plain maximum likelihood, as published tables. */
export type FitOptions = { prior?: boolean };

/** Minimizes −ln L, or −ln L − ln prior, for each of `observations`, from the prior's centre. */
export function fitParameters(
  objective: Objective,
  { centre }: Prior,
  { observations, prior = true }: { observations: number; prior?: boolean },
): Minimum {
  const scale = 1 / Math.max(1, observations);
  const penalized: Objective = (point, gradient) => {
    let value = objective(point, gradient);
    for (let i = 0; i < point.length; i++) {
      const away = prior ? point[i] - centre[i] : 0;
      value += (away * away) / 2;
      gradient[i] = (gradient[i] + away) * scale;
    }
    return value * scale;
  };
  return minimize(penalized, centre);
}
