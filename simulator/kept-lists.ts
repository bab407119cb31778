/** Sorted lists of everything in a map, so that reading a large shop page by page sorts it once. */
type Kept = { size: number; lists: Map<string, readonly unknown[]> };

const keptLists = new WeakMap<object, Kept>();

/** The list kept under `key`, else the one `make` gives; made anew when the map has grown. */
export function keptList<T>(
  map: ReadonlyMap<string, T>,
  key: string,
  make: () => readonly T[],
): readonly T[] {
  let kept = keptLists.get(map);
  if (kept?.size !== map.size) kept = { size: map.size, lists: new Map() };
  keptLists.set(map, kept);
  const list = (kept.lists.get(key) as readonly T[] | undefined) ?? make();
  kept.lists.set(key, list);
  return list;
}

/** To be called when something is taken out: what comes in its place leaves the size as it was. */
export function forgetLists(map: ReadonlyMap<string, unknown>): void {
  keptLists.delete(map);
}
