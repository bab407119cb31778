import type { Judgement, TotalRange } from "#engine";

/** A week's scores, compared with what the customers did within the horizon. */
export type JudgedWeek = {
  /** ISO date. */
  asOf: string;
  horizonDays: number;
  reconstructed: boolean;
  /** Amounts in minor units. */
  result: Judgement;
  /** The error range that was given for the total; null where none was kept. */
  range: Pick<TotalRange, "low" | "high"> | null;
};
