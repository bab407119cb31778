import { sortedSum } from "../maths/sorted-sum.ts";
import { totalOf, weighted } from "../models/history-rows.ts";
import type { PastWindow } from "./past-windows.ts";
import type { WeightedModels } from "./weighted-models.ts";
import { expectedOrdersOf, probabilitiesOf } from "./window-predictions.ts";

/** Shrinkage: the share of the past windows' error that is used, and the orders at which half of that is. */
const BELIEVED = 0.6;
const HALF_BELIEVED = 60;
/** Without evidence NBD gets half its weight: it has no dropout, and expects too many orders. */
const WITHOUT_NBD = 0.5;

/**
 * ln of the factor for expected orders, in addition to the level of the buyers: orders per buyer in past
 * windows over those expected, shrunk.
 */
export function ordersLevelOf(windows: PastWindow[], models: WeightedModels): number {
  if (windows.length === 0) return 0;
  let sum = 0;
  for (const window of windows) {
    const { outcomes, histories } = window;
    if (outcomes.buyers === 0) continue;
    const orders = outcomes.orders.reduce((total, count) => total + count, 0);
    const expected = totalOf(histories, weighted(models.chosen.map(window.orders), models.weights));
    const buyers = totalOf(
      histories,
      weighted(models.chosen.map(window.probabilities), models.weights),
    );
    const believed = orders / (orders + HALF_BELIEVED);
    sum += believed * BELIEVED * Math.log(orders / outcomes.buyers / (expected / buyers));
    sum += (1 - believed) * WITHOUT_NBD * nbdExcess(window, models);
  }
  return sum / windows.length + 0;
}

/**
 * The same for expected spend: spend per buyer over that expected. A window in which few customers spend
 * most of the total is weighted like one with as few buyers.
 */
export function amountLevelOf(windows: PastWindow[], models: WeightedModels): number {
  if (windows.length === 0) return 0;
  let sum = 0;
  for (const window of windows) {
    const { outcomes } = window;
    const mean = window.meanSpend();
    const expected = sortedSum(
      expectedOrdersOf(window, models).map((orders, i) => orders * mean[i]),
    );
    const spent = sortedSum(outcomes.spend);
    if (!(spent > 0) || !(expected > 0) || !Number.isFinite(spent)) continue;
    // Squares of shares: squares of amounts overflow long before amounts do.
    const alike = 1 / sortedSum(outcomes.spend.map((amount) => (amount / spent) ** 2));
    const buyers = sortedSum(probabilitiesOf(window, models));
    const off = Math.log(spent / outcomes.buyers / (expected / buyers));
    if (!Number.isFinite(off) || !Number.isFinite(alike)) continue;
    sum += (alike / (alike + HALF_BELIEVED)) * BELIEVED * off;
  }
  return sum / windows.length + 0;
}

/** ln(total expected orders without NBD / with NBD). */
function nbdExcess({ histories, orders }: PastWindow, { chosen, weights }: WeightedModels): number {
  let all = 0;
  let others = 0;
  let weight = 0;
  chosen.forEach((name, i) => {
    const total = weights[i] * totalOf(histories, orders(name));
    all += total;
    if (name === "nbd") return;
    others += total;
    weight += weights[i];
  });
  return weight > 0 && others > 0 ? Math.log(others / weight / all) : 0;
}
