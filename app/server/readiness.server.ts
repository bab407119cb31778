import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

import { pool } from "#app/lib/db.server.ts";
import { areJobTablesThere } from "#app/queue/job-table.server.ts";

/** Why a process is not ready. */
export type NotReady =
  /** The process is shutting down. */
  | "stopping"
  | "database-unreachable"
  /** A migration of this version is not applied, or not completely. */
  | "migrations-missing"
  /** The queue's tables do not exist; a starting worker creates them. */
  | "queue-missing";

const MIGRATIONS = path.resolve(import.meta.dirname, "../..", "prisma", "migrations");
const WITHIN_MS = 3_000;

/**
 * Checks whether this process could work.
 *
 * @returns what is missing; empty when it is ready
 */
export async function whyNotReady(directory = MIGRATIONS): Promise<NotReady[]> {
  try {
    const missing: NotReady[] = [];
    const { migrated, queue } = await within(WITHIN_MS, look());
    const wanted = readdirSync(directory).filter((name) =>
      existsSync(path.join(directory, name, "migration.sql")),
    );
    if (!wanted.every((name) => migrated.has(name))) missing.push("migrations-missing");
    if (!queue) missing.push("queue-missing");
    return missing;
  } catch {
    return ["database-unreachable"];
  }
}

async function look(): Promise<{ migrated: Set<string>; queue: boolean }> {
  const queue = await areJobTablesThere();
  const { rows } = await pool.query<{ ledger: boolean }>(
    "select to_regclass('_prisma_migrations') is not null as ledger",
  );
  if (rows[0]?.ledger !== true) return { migrated: new Set(), queue };
  const applied = await pool.query<{ name: string }>(
    `select migration_name as name from _prisma_migrations
      where finished_at is not null and rolled_back_at is null`,
  );
  return { migrated: new Set(applied.rows.map(({ name }) => name)), queue };
}

/** @throws Error when `work` takes longer */
async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error("no answer in time"));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
