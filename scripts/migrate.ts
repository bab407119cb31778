import "#runtime/fit-node.mjs";

import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

import pg from "pg";

// The lock of Prisma's own schema engine, so that the two never run at once.
const PRISMA_LOCK = 72707369;

const LEDGER = `create table if not exists _prisma_migrations (
  id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz,
  migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
  started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;

/**
 * How long a migration waits for a table lock. Later queries queue behind the waiting lock request, so after
 * this time it is withdrawn and retried.
 */
const LOCK_TIMEOUT_MS = 2_000;
const RETRY_DELAY_MS = 1_000;
const ATTEMPTS = 60;
const LOCK_NOT_AVAILABLE = "55P03";

const CONCURRENTLY =
  /^create\s+(?:unique\s+)?index\s+concurrently\s+if\s+not\s+exists\s+"?(\w+)"?/im;

const MIGRATIONS = path.resolve(import.meta.dirname, "../prisma/migrations");

type Migration = { name: string; sql: string; checksum: string };

/**
 * Applies the pending migrations of prisma/migrations.
 *
 * Writes the table that Prisma's own `migrate status` and `migrate deploy` use, but takes milliseconds where
 * they take ten seconds.
 *
 * @returns the names of the applied migrations, oldest first
 * @throws Error if an applied migration was edited, or stopped half-way
 */
export async function migrate(databaseUrl: string, directory = MIGRATIONS): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await takeLock(client);
    await client.query(LEDGER);
    const applied = await client.query<{ name: string; checksum: string; finished: boolean }>(
      `select migration_name as name, checksum, finished_at is not null as finished
         from _prisma_migrations where rolled_back_at is null`,
    );
    const known = new Map(applied.rows.map((row) => [row.name, row]));
    const done: string[] = [];
    for (const migration of readMigrations(directory)) {
      const before = known.get(migration.name);
      if (before === undefined) {
        await apply(client, migration);
        done.push(migration.name);
      } else if (before.checksum !== migration.checksum) {
        throw new Error(`Migration ${migration.name} was edited after it was applied`);
      } else if (!before.finished) {
        throw new Error(`Migration ${migration.name} stopped half way: resolve it with Prisma`);
      }
    }
    return done;
  } finally {
    await client.end();
  }
}

/** All migrations, oldest first. */
export function readMigrations(directory = MIGRATIONS): Migration[] {
  return readdirSync(directory)
    .filter((name) => existsSync(path.join(directory, name, "migration.sql")))
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(directory, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

/** Polls: a waiting query would block a concurrent index build of the lock holder. */
async function takeLock(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>(
      "select pg_try_advisory_lock($1) as held",
      [PRISMA_LOCK],
    );
    if (rows[0]?.held === true) return;
    await sleep(100);
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await (CONCURRENTLY.test(migration.sql)
        ? applyAlone(client, migration)
        : applyInTransaction(client, migration));
    } catch (error) {
      const busy = error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE;
      if (!busy || attempt === ATTEMPTS) {
        throw new Error(`Migration ${migration.name} failed`, { cause: error });
      }
      await sleep(RETRY_DELAY_MS);
    }
  }
}

async function applyInTransaction(client: pg.Client, migration: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query(migration.sql);
    await record(client, migration);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

/**
 * A concurrent index cannot be created in a transaction. An invalid one of a killed migration is dropped
 * first.
 */
async function applyAlone(client: pg.Client, migration: Migration): Promise<void> {
  const name = CONCURRENTLY.exec(migration.sql)?.[1];
  const { rowCount } = await client.query(
    "select 1 from pg_index where indexrelid = to_regclass($1) and not indisvalid",
    [name],
  );
  if (rowCount !== 0) await client.query(`drop index ${pg.escapeIdentifier(name ?? "")}`);
  await client.query(migration.sql);
  await record(client, migration);
}

async function record(client: pg.Client, { checksum, name }: Migration): Promise<void> {
  await client.query(
    `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     values ($1, $2, $3, now(), 1)`,
    [randomUUID(), checksum, name],
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const databaseUrl = process.env.DATABASE_URL ?? "";
  if (databaseUrl === "") {
    console.error(
      "DATABASE_URL is not set: expected postgresql://user:password@host:5432/database",
    );
    process.exit(1);
  }
  const done = await migrate(databaseUrl);
  console.log(done.length === 0 ? "The database is up to date." : `Applied ${done.join(", ")}.`);
}
