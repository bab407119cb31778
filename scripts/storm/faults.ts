import { type FaultKind, faultKinds, type FaultPlan } from "#simulator/faults.ts";
import type { Random } from "#simulator/random.ts";

import type { Stage } from "./stage.ts";

/** Longer than the app's timeout (see stage.ts). */
const LATE_MS = 4_000;
const HOUR_MS = 3_600_000;

/** Each kind of fault happens early, and later at random. */
const faults: Record<FaultKind, NonNullable<FaultPlan[FaultKind]>> = {
  throttle: { count: 3, rate: 0.05 },
  tooManyRequests: { count: 1, rate: 0.02 },
  serverError: { count: 2, rate: 0.04 },
  lostAnswer: { count: 1, rate: 0.05 },
  hang: { count: 1, rate: 0.004 },
  lateAnswer: { count: 1, rate: 0.006 },
  expireToken: { count: 1, rate: 0.02 },
  // Faults that the merchant fixes by opening the app; rare, so that other work can still happen.
  revokePair: { count: 1, rate: 0.002 },
  killRefreshToken: { count: 1, rate: 0.05 },
  failBulk: { count: 1, rate: 0.1 },
  cancelBulk: { count: 1, rate: 0.06 },
  expireBulk: { count: 1, rate: 0.06 },
  failUpload: { count: 1, rate: 0.1 },
  cutDownload: { count: 1, rate: 0.1 },
  dropWebhook: { count: 2, rate: 0.12 },
  duplicateWebhook: { count: 2, rate: 0.15 },
  delayWebhook: { count: 1, rate: 0.12 },
  reorderWebhook: { rate: 0.15 },
};

/** Delayed webhooks are delayed by more than a day. */
export const DELAY_HOURS = 30;

export async function startFaults(stage: Stage, seed: number): Promise<void> {
  await stage.control("faults", {
    seed,
    ...faults,
    lateAnswer: { ...faults.lateAnswer, milliseconds: LATE_MS },
    delayWebhook: { ...faults.delayWebhook, milliseconds: DELAY_HOURS * HOUR_MS },
  });
}

/** @returns how often each kind happened */
export async function endFaults(stage: Stage): Promise<Record<FaultKind, number>> {
  const kinds = await stage.control("faults/end", {});
  const fired = (kind: FaultKind) => (kinds[kind] as { fired: number }).fired;
  return Object.fromEntries(faultKinds.map((kind) => [kind, fired(kind)])) as Record<
    FaultKind,
    number
  >;
}

/** Kills of the day: a worker each day, the web process and the database in turn. */
export function killsOf(stage: Stage, day: number, random: Random): (() => Promise<void>)[] {
  const worker = stage.workers[random.integer(stage.workers.length)];
  const kills = worker === undefined ? [] : [() => worker.kill()];
  kills.push(day % 2 === 0 ? () => stage.web.kill() : () => stage.database.crash());
  return kills;
}
