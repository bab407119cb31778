import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";

import { env } from "#app/lib/env.server.ts";
import { log } from "#app/lib/log.server.ts";

// pg-boss's policy `short` allows one job per key in state `created`, but ignores those in `retry`:
// each failed attempt would make room for another job. This index allows one in both states
// together. All inserts of pg-boss are `on conflict do nothing` without a target, so they respect
// it; a job that fails while another waits is marked as failed.

const INDEX = "job_one_waiting";
const WAITING = "state in ('created', 'retry')";
const LOCK_NOT_AVAILABLE = "55P03";
/**
 * Like in migrations: a short timeout so that the queue is not blocked, and a limited number of
 * tries.
 */
const LOCK_MS = 2_000;
const TRIES = 60;

/**
 * Creates the index if it is missing. Of several waiting jobs from before it, all but the earliest
 * are cancelled, since each does the work of all.
 *
 * On a connection of its own, since the caller may hold the pool's last one.
 */
export async function ensureOneWaitingIndex(): Promise<void> {
  const client = new pg.Client({
    connectionString: env.DATABASE_URL,
    application_name: "encore-queue",
  });
  // Without a listener a broken connection would end the process; the pending statement fails
  // anyway.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await makeIndexWithRetries(client);
  } finally {
    await client.end();
  }
}

async function makeIndexWithRetries(client: pg.Client): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    const { rows } = await client.query<{ made: boolean }>(
      `select to_regclass('pgboss.${INDEX}') is not null as made`,
    );
    if (rows[0]?.made === true) return;
    try {
      await client.query("begin");
      await makeIndex(client);
      await client.query("commit");
      return;
    } catch (error) {
      const locked = error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE;
      if (!locked || left === 1) throw error;
      await client.query("rollback");
      await sleep(LOCK_MS / 2);
    }
  }
}

async function makeIndex(client: pg.Client): Promise<void> {
  await client.query(`set local lock_timeout = ${String(LOCK_MS)}`);
  await client.query("lock table pgboss.job_common in share row exclusive mode");
  const { rowCount } = await client.query(
    `update pgboss.job_common spare set state = 'cancelled', completed_on = now()
       from (select name, id, row_number() over (
               partition by name, singleton_key order by start_after, created_on, id) as place
               from pgboss.job_common
              where ${WAITING} and policy = 'short' and singleton_key is not null) waiting
      where spare.name = waiting.name and spare.id = waiting.id and waiting.place > 1`,
  );
  await client.query(
    `create unique index if not exists ${INDEX} on pgboss.job_common (name, singleton_key)
      where ${WAITING} and policy = 'short'`,
  );
  log.info({ spare: rowCount }, "created the index for one waiting job per task and shop");
}
