import type { Read } from "./database.ts";
import { type Finding, ok, warn, wrong } from "./finding.ts";

const ABOUT = "Queue";
/** A job that could start and has waited this long has no worker. */
const TOO_LONG_S = 600;

type Row = { waiting: number; age: number | null; working: boolean };

/** Whether the queue exists, has workers, and no failed jobs. */
export async function checkQueue(read: Read): Promise<Finding[]> {
  const [there] = await read<{ yes: boolean }>(
    "select to_regclass('pgboss.job') is not null as yes",
  );
  const start = "start a worker: npm run worker";
  if (there?.yes !== true) {
    const found = "its tables are not there yet: the first worker makes them";
    return [warn(ABOUT, { found, todo: start })];
  }
  const [row] = await read<Row>(
    `select count(*)::int as waiting,
            extract(epoch from now() - min(greatest(start_after, created_on)))::float8 as age,
            exists (select 1 from pg_stat_activity
                     where datname = current_database() and application_name = 'encore-worker')
              as working
       from pgboss.job
      where state in ('created', 'retry') and start_after <= now()
        and not starts_with(name, '__pgboss__')`,
  );
  const { waiting = 0, age = null, working = false } = row ?? {};
  return [state({ waiting, age: age ?? 0, working }), ...(await failedJobs(read))];
}

function state({ waiting, age, working }: { waiting: number; age: number; working: boolean }) {
  const late = age > TOO_LONG_S;
  const long = late ? `, the first for ${Math.round(age / 60)} min` : "";
  const found = `${working ? "a worker" : "no worker"} is connected, ${waiting} jobs wait${long}`;
  if (!working) {
    const todo = "start a worker: npm run worker (one with another database user is not visible)";
    return late ? wrong(ABOUT, { found, todo }) : warn(ABOUT, { found, todo });
  }
  if (late) return warn(ABOUT, { found, todo: "add workers, or check their logs" });
  return ok(ABOUT, found);
}

async function failedJobs(read: Read): Promise<Finding[]> {
  const [table] = await read<{ yes: boolean }>(
    "select to_regclass('parked_jobs') is not null as yes",
  );
  if (table?.yes !== true) return [];
  const [row] = await read<{ jobs: number }>("select count(*)::int as jobs from parked_jobs");
  if (row === undefined || row.jobs === 0) return [];
  const found = `${row.jobs} jobs were given up`;
  return [warn(ABOUT, { found, todo: "npm run jobs -- list says which, and why" })];
}
