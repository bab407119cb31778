import type { Candidate } from "../models/candidates.ts";

/** The models that count in an average. */
export type WeightedModels = {
  chosen: Candidate[];
  /** How much each of the chosen counts; they add up to one. */
  weights: number[];
};

/** How far the models' totals are moved, in logarithms. */
export type Levels = {
  /** Σp, and with it all else. */
  level: number;
  /** Expected orders, and expected spend, beside it. */
  ordersLevel: number;
  amountLevel: number;
};
