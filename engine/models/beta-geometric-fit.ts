import { type DayPlaces, placeDays } from "../histories/day-places.ts";
import { DayTable } from "../histories/day-table.ts";
import type { Histories } from "../histories/histories.ts";
import { countHistories } from "../histories/history-counts.ts";
import type { Objective } from "../maths/minimize.ts";
import type { BetaGeometric } from "./beta-geometric.ts";
import { chancePart, purchasePart } from "./likelihood-parts.ts";

/** −ln L and its gradient in (ln r, ln α, ln a, ln b), time in days, summed over a store. */
export function betaGeometricObjective(histories: Histories, atFirst: 0 | 1): Objective {
  const counts = countHistories(histories);
  const places = placeDays(histories);
  const table = new DayTable(places.days);
  return (point, gradient) => {
    const [r, alpha, a, b] = point.map(Math.exp);
    table.fill(alpha);
    const purchases = purchasePart(counts, { r, alpha });
    const chances = chancePart(counts, { a, b, atFirst });
    const gone = gonePart({ ...histories, places }, { r, alpha, a, b, atFirst }, table);
    gradient[0] = -r * (purchases.byR + gone.byR);
    gradient[1] = -alpha * (purchases.byAlpha + gone.byAlpha);
    gradient[2] = -a * (chances.byA + gone.byA);
    gradient[3] = -b * (chances.byB + gone.byB);
    const value = purchases.value + chances.value + gone.value;
    return Number.isFinite(value) ? -value : Infinity;
  };
}

/**
 * Σ ln(1 + e^d), d = ln odds of being gone: the one sum that needs every distinct history. With
 * σ(d) = P(gone): ∂d/∂r = Δ ln, ∂d/∂α = (r + x)[1/(α + T) − 1/(α + t_x)], ∂d/∂a = 1/a,
 * ∂d/∂b = −1/(b + x + atFirst − 1).
 */
function gonePart(
  histories: Histories & { places: DayPlaces },
  { r, a, b, atFirst }: BetaGeometric,
  { ln, inverse }: DayTable,
) {
  const { rows, frequency, weight } = histories;
  const { recency, age } = histories.places;
  let value = 0;
  let byR = 0;
  let byAlpha = 0;
  let byA = 0;
  let byB = 0;
  let chances = -1;
  let lnChance = 0;
  for (let i = 0; i < rows; i++) {
    const x = frequency[i];
    if (x + atFirst === 0) continue;
    if (x + atFirst !== chances) {
      chances = x + atFirst;
      lnChance = Math.log(a / (b + chances - 1));
    }
    const silence = ln[age[i]] - ln[recency[i]];
    const d = lnChance + (r + x) * silence;
    const e = Math.exp(d > 0 ? -d : d);
    const gone = weight[i] * (d > 0 ? 1 / (1 + e) : e / (1 + e));
    value += weight[i] * ((d > 0 ? d : 0) + Math.log1p(e));
    byR += gone * silence;
    byAlpha += gone * (r + x) * (inverse[age[i]] - inverse[recency[i]]);
    byA += gone;
    byB -= gone / (b + chances - 1);
  }
  return { value, byR, byAlpha, byA: byA / a, byB };
}
