import { candidates } from "../models/candidates.ts";
import type { NextOrderLevels } from "../models/next-order.ts";
import type { IntervalLevel } from "../spend/interval-level.ts";
import type { SpendSlopes } from "../spend/spend-level.ts";
import type { Recalibration } from "./recalibration.ts";
import type { Levels, WeightedModels } from "./weighted-models.ts";

/** What past windows teach, and a fit goes by. */
export type Learned = WeightedModels &
  Levels & {
    /** Whether past windows were looked at at all. */
    tested: boolean;
    /** How much of the value is read off past spend. */
    pastWeight: number;
    /** What is known beyond the models; null where no window had buyers, and others, enough. */
    recalibration: Recalibration | null;
    /** How values add up; null where nothing was learned of it. */
    spendSlopes: SpendSlopes | null;
    /** How far the bounds of a customer's spend are moved. */
    intervalLevel: IntervalLevel | null;
    nextOrderLevels: NextOrderLevels | null;
  };

export const nothingLearned: Learned = {
  chosen: [candidates[0]],
  weights: [1],
  level: 0,
  ordersLevel: 0,
  amountLevel: 0,
  tested: false,
  pastWeight: 0,
  recalibration: null,
  spendSlopes: null,
  intervalLevel: null,
  nextOrderLevels: null,
};
