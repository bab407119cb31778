export type AtOnce<Item> = {
  /** How many items are worked on at the same time. */
  workers: number;
  /** @param signal aborted when the caller aborts, or when another item failed */
  work: (item: Item, signal: AbortSignal) => Promise<void>;
  signal?: AbortSignal | undefined;
};

/**
 * Works through items, several at once. When one fails, the others are aborted, and the error is
 * thrown only after all have ended, so that a retry does not overlap with unfinished work.
 */
export async function atOnce<Item>(
  items: readonly Item[],
  { workers, work, signal }: AtOnce<Item>,
): Promise<void> {
  const stopping = new AbortController();
  const either = signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal;
  const failures: unknown[] = [];
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) {
      if (either.aborted) return;
      try {
        await work(item, either);
      } catch (error) {
        failures.push(error);
        stopping.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  if (failures.length > 0) throw failures[0];
  signal?.throwIfAborted();
}
