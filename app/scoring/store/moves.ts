import { type CurrentTiers, tierChanges } from "#app/scoring/evaluation/current-tiers.ts";
import { type Axis, tiers } from "#engine";

/** How many customers came into a higher and a lower tier. */
export type Moves = Record<Axis, { up: number; down: number }>;

const NEW = tiers.indexOf("new");

/** Counts the changes between two runs; those of customers who were or became new are no moves. */
export function countMoves(before: CurrentTiers, after: CurrentTiers): Moves {
  const moves: Moves = { clv: { up: 0, down: 0 }, buy: { up: 0, down: 0 } };
  for (const { axis, from, to } of tierChanges(before, after)) {
    if (from === NEW || to === NEW) continue;
    // Tiers go from high to low.
    moves[axis][to < from ? "up" : "down"] += 1;
  }
  return moves;
}
