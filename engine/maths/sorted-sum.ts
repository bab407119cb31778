/** Sum in ascending order of the values, so that it does not depend on the order of customers. */
export function sortedSum(values: ArrayLike<number>): number {
  let sum = 0;
  for (const value of Float64Array.from(values).sort()) sum += value;
  return sum;
}
