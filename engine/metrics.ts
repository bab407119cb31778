/** Measures of a ranking by value, on one score and one amount for each customer. */

/** Any list of numbers. */
type Numbers = ArrayLike<number>;

/** Ranks from 1; equal values share the mean of their ranks. */
export function ranks(values: Numbers): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i);
  order.sort((left, right) => values[left] - values[right]);
  const result = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let until = from + 1;
    while (until < order.length && values[order[until]] === values[order[from]]) until++;
    for (let i = from; i < until; i++) result[order[i]] = (from + until + 1) / 2;
    from = until;
  }
  return result;
}

/**
 * Normalised Gini: area between the Lorenz curve of what was spent, in the order of the scores, and
 * the diagonal, over that of the perfect order. 1 is perfect, 0 is chance; null without spend.
 * Customers with equal scores stand in no order: each counts as their mean.
 */
export function gini(scores: Numbers, spent: Numbers): number | null {
  const perfect = concentration(spent, spent);
  return perfect > 0 ? concentration(scores, spent) / perfect : null;
}

function concentration(scores: Numbers, spent: Numbers): number {
  const ranked = ranks(scores);
  let weighted = 0;
  let total = 0;
  for (let i = 0; i < spent.length; i++) {
    weighted += ranked[i] * spent[i];
    total += spent[i];
  }
  if (!(total > 0)) return 0;
  return (2 * weighted) / (spent.length * total) - (spent.length + 1) / spent.length;
}

/** Share of all that was spent held by the fifth with the highest scores; null without spend. */
export function topFifthShare(scores: Numbers, spent: Numbers): number | null {
  const order = Uint32Array.from({ length: spent.length }, (_, i) => i);
  order.sort((left, right) => scores[right] - scores[left] || left - right);
  const top = Math.round(spent.length / 5);
  let held = 0;
  let total = 0;
  for (let i = 0; i < order.length; i++) {
    total += spent[order[i]];
    if (i < top) held += spent[order[i]];
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

/** (predicted − actual)/actual of a total; null when nothing happened. */
export function bias(predicted: Numbers, actual: Numbers): number | null {
  let expected = 0;
  let happened = 0;
  for (let i = 0; i < actual.length; i++) {
    expected += predicted[i];
    happened += actual[i];
  }
  return happened !== 0 ? (expected - happened) / Math.abs(happened) : null;
}
