import { dayNumber } from "#app/lib/calendar.ts";
import type { Moves } from "#app/scoring/store/moves.ts";
import type { Axis } from "#engine";

/** Customers who need attention, and who moved. */
export type Attention = {
  /** High-value customers who fell to moderate or low within a week. */
  slipped: number;
  /** Customers whose next order is due within a week. */
  due: number;
  /** Late by their own gaps, and still expected back. */
  overdue: { customers: number; expectedSpendMinor: number };
  /** Of the last 30 days; null until there is a scoring to compare the last one with. */
  moved: Record<Axis, Moves> | null;
  /** Of the last week. */
  movedThisWeek: Record<Axis, Moves> | null;
  /** Whether these rest on weeks before the first scoring, which were reconstructed. */
  reconstructed: { week: boolean; moves: boolean };
};

/**
 * Whether moves within so many days rest on reconstructed weeks.
 *
 * @param first as-of day of the first scoring, ISO date
 */
export function restsOnWeeks(asOf: string, { first, days }: { first: string; days: number }) {
  return dayNumber(first) > dayNumber(asOf) - days;
}
