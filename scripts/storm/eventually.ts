import { setTimeout as sleep } from "node:timers/promises";

type Patience = { seconds: number; everyMs?: number };

/**
 * Polls until a condition holds. A failed query is retried: in a storm the process it asks may be down.
 *
 * @throws Error with the condition that did not hold, and the last query's error
 */
export async function eventually(
  what: string,
  holds: () => Promise<boolean>,
  { seconds, everyMs = 200 }: Patience,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  let cause: unknown;
  while (Date.now() < end) {
    try {
      if (await holds()) return;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await sleep(everyMs);
  }
  throw new Error(`Not within ${seconds} s: ${what}`, { cause });
}

/** Retries until it succeeds. */
export function insist(what: string, work: () => Promise<unknown>): Promise<void> {
  return eventually(what, () => work().then(() => true), { seconds: 60, everyMs: 500 });
}
