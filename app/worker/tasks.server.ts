import { runCleanUp } from "#app/campaigns/clean-up.server.ts";
import { renewSegments } from "#app/campaigns/renew-segments.server.ts";
import { runSegmentChecks } from "#app/campaigns/run-segment-checks.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { runImport } from "#app/orders/import/import-orders.server.ts";
import { runReconcile } from "#app/orders/reconcile/reconcile.server.ts";
import { runFollow } from "#app/orders/webhooks/follow-orders.server.ts";
import { runShopFollow } from "#app/orders/webhooks/follow-shop.server.ts";
import { runDeparture } from "#app/privacy/departures/follow-departure.server.ts";
import { runPrivacy } from "#app/privacy/handle-requests.server.ts";
import { runPurge } from "#app/privacy/purge.server.ts";
import type { TaskName } from "#app/queue/task-names.ts";
import {
  readTaggedExclusions,
  readTaggedExclusionsOfToday,
} from "#app/scoring/exclusion/exclusion-tag.server.ts";
import { followShopifyGroups } from "#app/scoring/run/follow-shopify-groups.server.ts";
import { runRescore } from "#app/scoring/run/rescore.server.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { runWriteback } from "#app/writeback/push.server.ts";

import type { Task } from "./run-task.server.ts";

export const tasks: Record<TaskName, Task> = {
  "shop.follow": { needsAccess: true, run: runShopFollow },
  "shop.departure": { run: runDeparture, afterUninstall: true },
  "orders.import": { needsAccess: true, run: runImport },
  "orders.follow": { needsAccess: true, run: runFollow },
  "orders.reconcile": { needsAccess: true, run: runReconcile },
  "scoring.run": { needsAccess: true, run: runDueScoring },
  "scoring.exclude": { needsAccess: true, run: readTaggedExclusions },
  "scoring.rescore": { needsAccess: true, run: runRescore },
  "privacy.handle": { run: runPrivacy, afterUninstall: true },
  "privacy.purge": { run: runPurge, afterUninstall: true },
  "writeback.push": { needsAccess: true, run: runWriting },
  "writeback.cleanup": { needsAccess: true, run: runCleanUp },
  "segments.check": { needsAccess: true, run: runSegmentChecks },
};

/**
 * Reads from Shopify what the scoring needs first: once a day the carriers of the exclusion tag, so
 * that they are not scored, and once a week its own groups, which are kept beside ours.
 */
async function runDueScoring(shop: ShopDomain, signal: AbortSignal): Promise<void> {
  await readTaggedExclusionsOfToday(shop, signal);
  await followShopifyGroups(shop, signal);
  await runScoring(shop, { signal });
}

/** Renews segments after the write, since their queries use values that must be written first. */
async function runWriting(shop: ShopDomain, signal: AbortSignal): Promise<void> {
  const outcome = await runWriteback(shop, { signal });
  if (outcome.kind === "written") await renewSegments(shop);
}
