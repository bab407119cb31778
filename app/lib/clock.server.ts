import { setTimeout as sleep } from "node:timers/promises";

import { offsetOf } from "./clock.ts";
import { env } from "./env.server.ts";

// The clock for scores and their display. In production it is the system's. A simulated Shopify has
// a clock of its own, which may be moved forward by weeks; there the app follows the `Date` header
// of its replies. Tokens, retries and locks always use the system's clock.

const ASK_EVERY_MS = 2_000;
const ASK_WITHIN_MS = 5_000;

// On globalThis, since in development this module is reloaded within one process.
const kept = globalThis as { encoreClock?: { offsetMs: number; followed: boolean } };
const clock = (kept.encoreClock ??= { offsetMs: 0, followed: false });

/** The current time of the shops. */
export function now(): Date {
  return new Date(Date.now() + clock.offsetMs);
}

/** In a simulation, reads its time once; errors are ignored. */
export async function syncClock(): Promise<void> {
  const url = env.SIMULATED_SHOPIFY_URL;
  if (url === undefined) return;
  try {
    const signal = AbortSignal.timeout(ASK_WITHIN_MS);
    const response = await fetch(url, { method: "HEAD", redirect: "manual", signal });
    clock.offsetMs = offsetOf(response.headers.get("date"), Date.now()) ?? clock.offsetMs;
  } catch {
    // The simulation is not up, or busy: the last offset stays.
  }
}

/** In a simulation, keeps following its time; in production it does nothing. */
export async function keepClockInSync(): Promise<void> {
  if (env.SIMULATED_SHOPIFY_URL === undefined || clock.followed) return;
  clock.followed = true;
  for (;;) {
    await syncClock();
    await sleep(ASK_EVERY_MS, undefined, { ref: false });
  }
}
