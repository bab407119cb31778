import type { JobWithMetadata, PgBoss } from "pg-boss";

import { pool } from "#app/lib/db.server.ts";
import type { TaskData } from "#app/queue/queue.server.ts";
import type { TaskName } from "#app/queue/task-names.ts";
import { runTask, type Task } from "#app/worker/run-task.server.ts";

export type OpenJob = { name: TaskName; state: string; attempts: number; later: boolean };

/** The waiting or running jobs of a task. */
export async function openJobs(name: TaskName): Promise<OpenJob[]> {
  const { rows } = await pool.query<OpenJob>(
    `select name, state, retry_count as attempts, start_after > now() as later from pgboss.job
      where name = $1 and state in ('created', 'retry', 'active') order by state`,
    [name],
  );
  return rows;
}

/** Fetches jobs like a worker. */
export class Hand {
  readonly #boss: PgBoss;

  constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  async take(name: TaskName): Promise<JobWithMetadata<TaskData> | undefined> {
    const options = { includeMetadata: true, groupConcurrency: 1 } as const;
    return (await this.#boss.fetch<TaskData>(name, options))[0];
  }

  async do(job: JobWithMetadata<TaskData>, run: Task["run"]): Promise<void> {
    const name = job.name as TaskName;
    const stopping = new AbortController().signal;
    await runTask({ boss: this.#boss, name, task: { run }, job, stopping });
  }

  /** Runs the waiting job, even if its retry is due later. */
  async work(name: TaskName, run: Task["run"]): Promise<void> {
    await pool.query("update pgboss.job set start_after = now() where name = $1", [name]);
    const job = await this.take(name);
    if (job === undefined) throw new Error(`No job of ${name} waits`);
    await this.do(job, run);
  }
}
