/** Caches sorted lists of all values of a map, so that paging through a large shop sorts it once. */
type Cached = { size: number; lists: Map<string, readonly unknown[]> };

const listsByMap = new WeakMap<object, Cached>();

/** The list cached under `key`, else the result of `make`; recomputed when the map has grown. */
export function sortedList<T>(
  map: ReadonlyMap<string, T>,
  key: string,
  make: () => readonly T[],
): readonly T[] {
  let cached = listsByMap.get(map);
  if (cached?.size !== map.size) cached = { size: map.size, lists: new Map() };
  listsByMap.set(map, cached);
  const list = (cached.lists.get(key) as readonly T[] | undefined) ?? make();
  cached.lists.set(key, list);
  return list;
}

/** To be called on removal: a later addition could restore the size, by which a change is detected. */
export function forgetLists(map: ReadonlyMap<string, unknown>): void {
  listsByMap.delete(map);
}
