import type { Candidate } from "../models/candidates.ts";

/** The models of a weighted average. */
export type WeightedModels = {
  chosen: Candidate[];
  /** Weights of the chosen models, summing to one. */
  weights: number[];
};

/** Changes of the models' totals, in logarithms. */
export type Levels = {
  /** Change of Σp, and with it of all other totals. */
  level: number;
  /** Further change of expected orders, and of expected spend. */
  ordersLevel: number;
  amountLevel: number;
};
