import { candidates, type Candidate } from "./candidates.ts";
import type { IntervalLevel } from "./interval-level.ts";
import type { Levels } from "./level-windows.ts";
import type { NextOrderLevels } from "./next-order.ts";
import type { Recalibration } from "./recalibration.ts";
import type { SpendSlopes } from "./spend-level.ts";

/** The models that count in an average. */
export type Weighed = {
  chosen: Candidate[];
  /** How much each of the chosen counts; they add up to one. */
  weights: number[];
};

/** What past windows teach, and a fit goes by. */
export type Learned = Weighed &
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
