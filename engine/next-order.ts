import { aliveProbability, buyProbability, type BetaGeometric } from "./beta-geometric.ts";
import type { History } from "./histories.ts";

/** How far ahead the next order is looked for, in days. */
const REACH = 365;

/** Days after the as-of day between which the next order is expected; null where it is not. */
export type NextOrder = { from: number; to: number };

/**
 * The 25–75 % range of the next order, given that one comes within 365 days; null where that has
 * probability below one half. Given that a customer is alive, the wait h has the distribution
 * 1 − ((α + T)/(α + T + h))^(r+x), which inverts in closed form; P(alive) cancels.
 */
export function nextOrder(model: BetaGeometric, history: History): NextOrder | null {
  const reach = buyProbability(model, history, REACH);
  if (!(reach >= 0.5)) return null;
  const alive = reach / aliveProbability(model, history);
  const scale = model.alpha + history.age;
  const shape = model.r + history.frequency;
  const wait = (share: number) => scale * Math.expm1(-Math.log1p(-share * alive) / shape);
  return { from: wait(0.25), to: wait(0.75) };
}
