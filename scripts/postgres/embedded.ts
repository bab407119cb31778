import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";

import { serverHome } from "./binaries.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const START_TIMEOUT_MS = 60_000;

export type EmbeddedDatabase = {
  /** postgresql://… of the requested database. */
  url: string;
  /** Releases this process's lease. */
  release: () => Promise<void>;
};

/** What a server's databases are for; each kind has a server of its own. */
export type Keeping =
  /** Durable: they survive their process and a power failure. */
  | "kept"
  /**
   * Recreated each time, so the server does not wait for the disk. Nothing is lost when a process
   * is killed, even the server; a crash of the machine may destroy them.
   */
  | "disposable";

const DIRECTORIES: Record<Keeping, string> = {
  kept: path.join(ROOT, ".data/postgres"),
  disposable: path.join(ROOT, ".data/postgres-disposable"),
};

/**
 * A real PostgreSQL installed by npm, one of each kind for the whole project.
 *
 * A small keeper process (keeper.ts) starts the server and stops it a few seconds after the last lease has
 * ended. A lease is an open connection, so that a killed process releases it too.
 *
 * @param database created when it does not exist
 */
export async function embeddedPostgres(
  database: string,
  keeping: Keeping,
  directory = DIRECTORIES[keeping],
): Promise<EmbeddedDatabase> {
  const lease = await openLease({ home: serverHome(directory), keeping });
  const exists = await lease.query("select 1 from pg_database where datname = $1", [database]);
  if (exists.rowCount === 0) {
    await lease.query(`create database ${pg.escapeIdentifier(database)}`).catch((error) => {
      // Another process may have created it.
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

type Server = { home: string; keeping: Keeping };

async function openLease({ home, keeping }: Server): Promise<pg.Client> {
  mkdirSync(home, { recursive: true });
  const deadline = Date.now() + START_TIMEOUT_MS;
  let nextStart = 0;
  let cause: unknown;
  while (Date.now() < deadline) {
    const port = portOf(home);
    if (port !== undefined) {
      try {
        const lease = await connect(port);
        if (!isKept(home)) startKeeper({ home, keeping });
        return lease;
      } catch (error) {
        cause = error;
      }
    }
    // Keepers exclude each other, so starting one too many is harmless, and a dead one is replaced.
    if (Date.now() >= nextStart) {
      startKeeper({ home, keeping });
      nextStart = Date.now() + 5_000;
    }
    await sleep(100);
  }
  throw new Error(
    `The embedded PostgreSQL in ${home} did not start within ${START_TIMEOUT_MS / 1000} s; ` +
      `${path.join(home, "postgres.log")} says why`,
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

function startKeeper({ home, keeping }: Server): void {
  const keeper = path.join(import.meta.dirname, "keeper.ts");
  const child = spawn(process.execPath, ["--import", "tsx", keeper, home, keeping], {
    cwd: ROOT,
    detached: true,
    stdio: "ignore",
  });
  child.unref();
}

/** Whether a keeper is running; after a reboot its process id may belong to another program. */
export function isKept(home: string): boolean {
  try {
    const pid = Number(readFileSync(path.join(home, "keeper.pid"), "utf8"));
    process.kill(pid, 0);
    return commandOf(pid).includes(path.join("postgres", "keeper"));
  } catch {
    return false;
  }
}

function commandOf(pid: number): string {
  if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  if (process.platform === "win32") return path.join("postgres", "keeper");
  return execFileSync("ps", ["-p", String(pid), "-o", "args="], { encoding: "utf8" });
}

/** The running server's port, from line 4 of its postmaster.pid. */
export function portOf(home: string): number | undefined {
  try {
    const line = readFileSync(path.join(home, "data/postmaster.pid"), "utf8").split("\n")[3];
    const port = Number(line);
    return Number.isInteger(port) && port > 0 ? port : undefined;
  } catch {
    return undefined;
  }
}

export function serverUrl(port: number): string {
  return `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`;
}
