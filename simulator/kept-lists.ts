/** Caches sorted lists of all values of a map, so that paging through a large shop sorts it once. */
type Kept = { size: number; lists: Map<string, readonly unknown[]> };

const keptLists = new WeakMap<object, Kept>();

/** The list cached under `key`, else the result of `make`; recomputed when the map has grown. */
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

/** To be called on removal: a later addition could restore the size, by which a change is detected. */
export function forgetLists(map: ReadonlyMap<string, unknown>): void {
  keptLists.delete(map);
}
