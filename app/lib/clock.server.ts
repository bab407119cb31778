import { setTimeout as sleep } from "node:timers/promises";

import { offsetOf } from "./clock.ts";
import { env } from "./env.server.ts";

// The time by which scores are made and told. In production it is the system's. A simulated shop
// lives in a time of its own, which somebody may move on by weeks: there the app goes by the `Date`
// of its answers. Tokens, retries and locks stay on the system's clock everywhere.

const ASK_EVERY_MS = 2_000;
const ASK_WITHIN_MS = 5_000;

// On globalThis: in development the module is loaded again and again, the process is one.
const kept = globalThis as { encoreClock?: { offsetMs: number; followed: boolean } };
const clock = (kept.encoreClock ??= { offsetMs: 0, followed: false });

/** What time it is where the shops are. */
export function now(): Date {
  return new Date(Date.now() + clock.offsetMs);
}

/** In a simulation, asks what time it is there; tells nothing when nobody answers. */
export async function syncClock(): Promise<void> {
  const url = env.SIMULATED_SHOPIFY_URL;
  if (url === undefined) return;
  try {
    const signal = AbortSignal.timeout(ASK_WITHIN_MS);
    const response = await fetch(url, { method: "HEAD", redirect: "manual", signal });
    clock.offsetMs = offsetOf(response.headers.get("date"), Date.now()) ?? clock.offsetMs;
  } catch {
    // The simulation is not up, or busy: the time last heard goes on.
  }
}

/** In a simulation, keeps this process in step with its time; in production it does nothing. */
export async function keepClockInSync(): Promise<void> {
  if (env.SIMULATED_SHOPIFY_URL === undefined || clock.followed) return;
  clock.followed = true;
  for (;;) {
    await syncClock();
    await sleep(ASK_EVERY_MS, undefined, { ref: false });
  }
}
