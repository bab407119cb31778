/** Measures of a ranking by value, on one score and one amount for each customer. */
import { tieGroups } from "./tie-groups.ts";

/** Any list of numbers. */
type Numbers = ArrayLike<number>;

/** Ranks from 1; equal values share the mean of their ranks. */
export function ranks(values: Numbers): Float64Array {
  const { place, groups } = tieGroups(values);
  const count = new Float64Array(groups);
  for (const group of place) count[group]++;
  const rank = new Float64Array(groups);
  let below = 0;
  for (let group = 0; group < groups; group++) {
    rank[group] = below + (count[group] + 1) / 2;
    below += count[group];
  }
  return Float64Array.from(place, (group) => rank[group]);
}

/**
 * Normalised Gini: area between the Lorenz curve of what was spent, in the order of the scores, and
 * the diagonal, over that of the perfect order. 1 is perfect, 0 is chance; null without spend.
 * Customers with equal scores share their mean rank.
 */
export function gini(scores: Numbers, spent: Numbers): number | null {
  return giniOf(spent)(scores);
}

/** Ginis of several scores of the same spend: the Gini of the perfect order is computed once. */
export function giniOf(spent: Numbers): (scores: Numbers) => number | null {
  const perfect = concentration(spent, spent);
  return (scores) => (perfect > 0 ? concentration(scores, spent) / perfect : null);
}

/** Only customers who spent contribute, so ranks are looked up for them alone. */
function concentration(scores: Numbers, spent: Numbers): number {
  const ascending = Float64Array.from(scores).sort();
  let weighted = 0;
  let total = 0;
  for (let i = 0; i < spent.length; i++) {
    if (spent[i] === 0) continue;
    const below = countBelow(ascending, scores[i]);
    const equal = countUpTo(ascending, scores[i]) - below;
    weighted += (below + (equal + 1) / 2) * spent[i];
    total += spent[i];
  }
  if (!(total > 0)) return 0;
  return (2 * weighted) / (spent.length * total) - (spent.length + 1) / spent.length;
}

function countBelow(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countUpTo(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Share of all that was spent held by the fifth with the highest scores; null without spend. A
 * group of equal scores that the fifth cuts in two counts in proportion.
 */
export function topFifthShare(scores: Numbers, spent: Numbers): number | null {
  const { place, groups } = tieGroups(scores);
  const count = new Float64Array(groups);
  const sum = new Float64Array(groups);
  let total = 0;
  for (let i = 0; i < place.length; i++) {
    count[place[i]]++;
    sum[place[i]] += spent[i];
    total += spent[i];
  }
  let room = spent.length / 5;
  let held = 0;
  for (let group = groups - 1; group >= 0 && room > 0; group--) {
    held += sum[group] * Math.min(1, room / count[group]);
    room -= count[group];
  }
  return total > 0 ? held / total : null;
}

/** Spearman's rank correlation, ties by mean ranks; null when either side is constant. */
export function spearman(left: Numbers, right: Numbers): number | null {
  const leftRanks = ranks(left);
  const rightRanks = ranks(right);
  const mean = (left.length + 1) / 2;
  let both = 0;
  let ofLeft = 0;
  let ofRight = 0;
  for (let i = 0; i < left.length; i++) {
    both += (leftRanks[i] - mean) * (rightRanks[i] - mean);
    ofLeft += (leftRanks[i] - mean) ** 2;
    ofRight += (rightRanks[i] - mean) ** 2;
  }
  return ofLeft > 0 && ofRight > 0 ? both / Math.sqrt(ofLeft * ofRight) : null;
}

/** (predicted − actual)/actual of a total; null when the actual total is 0. */
export function bias(predicted: Numbers, actual: Numbers): number | null {
  let expected = 0;
  let happened = 0;
  for (let i = 0; i < actual.length; i++) {
    expected += predicted[i];
    happened += actual[i];
  }
  return happened !== 0 ? (expected - happened) / Math.abs(happened) : null;
}
