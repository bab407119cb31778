import type { Summary } from "#engine";

/** Net spend so far: the mean undone again, whole minor units. */
export function spentMinor(summary: Summary, row: number): number {
  return Math.round(summary.meanSpend[row] * (summary.frequency[row] + 1));
}
