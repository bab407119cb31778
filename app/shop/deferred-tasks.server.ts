import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { showRetrying } from "#app/queue/progress.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { type TaskName, taskNames } from "#app/queue/task-names.ts";

/**
 * Defers a task if the shop's access is lost.
 *
 * @returns whether it was deferred: then it must not run
 */
export async function deferWithoutAccess(shop: ShopDomain, task: TaskName): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update shops set stopped_tasks =
            case when $2 = any(stopped_tasks) then stopped_tasks else stopped_tasks || $2::text end
      where shop = $1 and access_lost_at is not null and uninstalled_at is null`,
    [shop, task],
  );
  if (rowCount === 0) return false;
  log.info({ shop, task }, "task deferred: no access to the shop");
  return true;
}

/**
 * Restores access of shops that have a session again, and enqueues their deferred tasks.
 *
 * @param shop only this one, whose installation has just been proved; by default all, except those
 * with an unconfirmed departure
 */
export async function resumeDeferredTasks(shop: ShopDomain | null = null): Promise<void> {
  const { rows } = await pool.query<{ shop: ShopDomain }>(
    `select shop from shops
      where access_lost_at is not null and uninstalled_at is null
        and (shop = $1 or ($1::text is null and access_lost_code <> 'departure-unconfirmed'))
        and exists (select 1 from sessions s where s.shop = shops.shop and not s.is_online)`,
    [shop],
  );
  for (const row of rows) await resume(row.shop);
}

async function resume(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    const { rows } = await client.query<{ tasks: string[]; lostAt: Date }>(
      `update shops new set access_lost_at = null, access_lost_code = null, stopped_tasks = '{}'
         from (select shop, stopped_tasks, access_lost_at from shops where shop = $1 for update) old
        where new.shop = old.shop and old.access_lost_at is not null
       returning old.stopped_tasks as tasks, old.access_lost_at as "lostAt"`,
      [shop],
    );
    const [stopped] = rows;
    if (stopped === undefined) return;
    await showRetrying(client, shop, { errorCode: "shopify-unauthorized" });
    const tasks = taskNames.filter((task) => stopped.tasks.includes(task));
    for (const task of tasks) await enqueue(task, { shop }, { client, soon: true });
    log.info({ shop, tasks, lostAt: stopped.lostAt }, "access is back");
  });
}
