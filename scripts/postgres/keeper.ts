// Keeps the embedded PostgreSQL running while any process holds a lease; see embedded.ts.
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

import pg from "pg";

import { isKept, portOf, serverUrl } from "./embedded.ts";
import { dataOf, initialise, logOf, startServer } from "./server.ts";

const home = path.resolve(process.argv[2] ?? "");
const lockFile = path.join(home, "keeper.pid");
const logFile = logOf(home);

const IDLE_CHECKS = 5;
const START_ATTEMPTS = 5;

const settings: Record<string, string> =
  process.argv[3] === "disposable"
    ? { synchronous_commit: "off", fsync: "off", full_page_writes: "off" }
    : // A crash of the machine may lose the last transactions, never consistency.
      { synchronous_commit: "off" };

function note(text: unknown): void {
  appendFileSync(logFile, `${new Date().toISOString()} ${String(text).trimEnd()}\n`);
}

/** True if this process is now the only keeper. */
function lock(): boolean {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (isKept(home)) return false;
    rmSync(lockFile, { force: true });
    return lock();
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

/**
 * Starts the server and waits until it answers. Right after a server was killed a start can fail, because
 * its last processes are still running.
 */
async function start(): Promise<number> {
  await initialise(home);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    let ended = false;
    const server = await startServer(home, port, settings);
    server.on("exit", () => (ended = true));
    server.on("error", (error) => {
      note(error);
      ended = true;
    });
    while (!ended) {
      if (await answers(port)) return port;
      await sleep(50);
    }
    if (attempt === START_ATTEMPTS) throw new Error("the server does not start");
    await sleep(500);
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    await leases(port);
    return true;
  } catch {
    return false;
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

/** Returns when there was no lease for some seconds, or the server has ended. */
async function untilIdle(port: number): Promise<void> {
  for (let idle = 0; idle < IDLE_CHECKS;) {
    await sleep(1_000);
    idle = (await leases(port).catch(() => 0)) === 0 ? idle + 1 : 0;
  }
}

/** A fast shutdown: connections are closed, committed data are kept. */
async function stop(): Promise<void> {
  const pidFile = path.join(dataOf(home), "postmaster.pid");
  if (!existsSync(pidFile)) return;
  process.kill(Number(readFileSync(pidFile, "utf8").split("\n")[0]), "SIGINT");
  for (let waited = 0; existsSync(pidFile) && waited < 30_000; waited += 50) await sleep(50);
}

async function keep(): Promise<void> {
  const survivor = portOf(home);
  const port = survivor !== undefined && (await answers(survivor)) ? survivor : await start();
  await untilIdle(port);
  await stop();
}

mkdirSync(home, { recursive: true });
if (lock()) {
  try {
    await keep();
  } catch (error) {
    note(error);
  } finally {
    rmSync(lockFile, { force: true });
  }
}
process.exit(0);
