import { inTransaction } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";

import type { ProgressTask } from "./progress.server.ts";
import { enqueue, type TaskName } from "./queue.server.ts";

const tasks: Record<ProgressTask, TaskName> = {
  import: "orders.import",
  score: "scoring.run",
  write: "writeback.push",
};

/** The name of a task as it came from a form, or null when it names none. */
export function parseTask(value: unknown): ProgressTask | null {
  return value === "import" || value === "score" || value === "write" ? value : null;
}

/**
 * The merchant asks for a task that was given up to be tried again. Nothing happens when it is not
 * failed, so that pressing twice asks once.
 */
export async function retryTask(shop: ShopDomain, task: ProgressTask): Promise<void> {
  await inTransaction(async (client) => {
    const { rowCount } = await client.query(
      `UPDATE progress SET state = 'waiting', error_code = NULL, updated_at = now()
        WHERE shop = $1 AND task = $2 AND state = 'failed'`,
      [shop, task],
    );
    if (rowCount !== 0) await enqueue(tasks[task], { shop }, { client });
  });
}
