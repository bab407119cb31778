import type { ShopDomain } from "#app/lib/ids.ts";
import { shopDomain } from "#app/lib/ids.ts";
import type { TaskName } from "#app/queue/task-names.ts";

import type { Site } from "../stack/admin-api.ts";
import type { Stage } from "./stage.ts";

// Access to the app's own functions. They read the environment when they are loaded, so that a process can run
// only one storm.

let entered = false;

function enter({ environment }: Stage): void {
  Object.assign(process.env, environment);
  entered = true;
}

/** Enqueues a task for each shop, as the app itself would. */
export async function askFor(task: TaskName, stage: Stage, sites: readonly Site[]): Promise<void> {
  enter(stage);
  const { enqueue } = await import("#app/queue/queue.server.ts");
  for (const site of sites) await enqueue(task, { shop: shopOf(site) });
}

/** See there. */
export async function replayDifferences(stage: Stage, site: Site) {
  enter(stage);
  const { readReplayDifferences } = await import("./compare/read-replay.ts");
  return readReplayDifferences(shopOf(site));
}

/** Closes the connections of these functions. */
export async function leaveApp(): Promise<void> {
  if (!entered) return;
  const { stopQueue } = await import("#app/queue/queue.server.ts");
  const { closeDatabase } = await import("#app/lib/db.server.ts");
  await stopQueue();
  await closeDatabase();
}

function shopOf({ domain }: Site): ShopDomain {
  return shopDomain(domain);
}
