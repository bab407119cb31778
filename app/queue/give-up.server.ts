import type { ShopDomain } from "#app/lib/ids.ts";

import { park } from "./failed-jobs.server.ts";
import { readProgress, setProgress } from "./progress.server.ts";
import { progressOf } from "./progress.ts";
import type { TaskName } from "./task-names.ts";

type GivenUp = { shop: ShopDomain; task: TaskName; errorCode: string; attempts: number };

/** Parks a task and tells the merchant, where it is one that is shown. */
export async function giveUp(givenUp: GivenUp): Promise<void> {
  await park(givenUp);
  await showFailure(givenUp);
}

/** Shows a task as failed, with the progress that it had made. */
export async function showFailure({ shop, task, errorCode }: GivenUp): Promise<void> {
  const shown = progressOf(task);
  if (shown === null) return;
  const before = (await readProgress(shop)).find((each) => each.task === shown);
  const { done = 0, total = null } = before ?? {};
  await setProgress(shop, shown, { state: "failed", done, total, errorCode });
}
