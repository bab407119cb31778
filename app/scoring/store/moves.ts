import {
  type CurrentTiers,
  type Direction,
  directionOf,
  tierChanges,
} from "#app/scoring/evaluation/current-tiers.ts";
import type { Axis } from "#engine";

/** How many customers came into a higher, or lower, tier. */
export type Moves = { up: number; down: number };

/** Leaving `new`, or becoming it, is no move. */
export function addMove(moves: Moves, direction: Direction): void {
  if (direction === "rose") moves.up += 1;
  if (direction === "fell") moves.down += 1;
}

/** Counts the changes between two runs. */
export function countMoves(before: CurrentTiers, after: CurrentTiers): Record<Axis, Moves> {
  const moves = { clv: { up: 0, down: 0 }, buy: { up: 0, down: 0 } };
  for (const { axis, from, to } of tierChanges(before, after)) {
    addMove(moves[axis], directionOf(from, to));
  }
  return moves;
}
