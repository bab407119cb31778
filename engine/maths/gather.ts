type Numbers = Uint8Array | Int32Array | Float64Array;

/** Copies the values of some rows into a list of their length: many times faster than `from`. */
export function gather<List extends Numbers>(
  values: List,
  rows: Uint32Array | Int32Array,
  into: List,
): List {
  for (let i = 0; i < rows.length; i++) into[i] = values[rows[i]];
  return into;
}
