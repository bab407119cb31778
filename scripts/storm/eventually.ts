import { setTimeout as sleep } from "node:timers/promises";

type Patience = { seconds: number; everyMs?: number };

/**
 * Asks until the answer is yes. A question that fails is asked again: in a storm whoever is asked may be
 * away just now.
 *
 * @throws Error saying what did not come about, and what the last question ran into
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

/** Does it, again and again until it works. */
export function insist(what: string, work: () => Promise<unknown>): Promise<void> {
  return eventually(what, () => work().then(() => true), { seconds: 60, everyMs: 500 });
}
