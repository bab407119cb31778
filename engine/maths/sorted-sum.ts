/** Summed in the order of the values, so that the order of customers does not matter. */
export function sortedSum(values: ArrayLike<number>): number {
  let sum = 0;
  for (const value of Float64Array.from(values).sort()) sum += value;
  return sum;
}
