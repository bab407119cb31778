import { candidates } from "../models/candidates.ts";
import type { NextOrderLevels } from "../models/next-order.ts";
import type { IntervalLevel } from "../spend/interval-calibration.ts";
import type { SpendSlopes } from "../spend/spend-calibration.ts";
import type { Recalibration } from "./recalibration.ts";
import type { Levels, WeightedModels } from "./weighted-models.ts";

/** What is estimated on past windows and used by a fit. */
export type Learned = WeightedModels &
  Levels & {
    /** Whether learning from past windows was asked for. */
    tested: boolean;
    /** Weight of past spend in the value (`Blend`). */
    pastWeight: number;
    /** Null where no window had enough buyers and non-buyers. */
    recalibration: Recalibration | null;
    /** Calibration of values; null where nothing was learned. */
    spendSlopes: SpendSlopes | null;
    /** Shifts of the bounds of spend intervals. */
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
