import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { binaries, serverUser } from "./binaries.ts";

const user = serverUser();

export const dataOf = (home: string): string => path.join(home, "data");
export const logOf = (home: string): string => path.join(home, "postgres.log");

const settings: Record<string, string> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "300",
  shared_buffers: "1GB",
  max_wal_size: "8GB",
};

/** Starts a program as the server's user; its output goes to the log. */
function start(home: string, program: string, args: string[]): ChildProcess {
  const output = openSync(logOf(home), "a");
  return spawn(program, args, {
    ...user,
    cwd: home,
    stdio: ["ignore", output, output],
    env: { ...process.env, LC_ALL: "C" },
  });
}

/** Creates an empty database cluster if there is none, or only one of an interrupted first start. */
export async function initialise(home: string): Promise<void> {
  const data = dataOf(home);
  const stamp = path.join(home, "initialised");
  if (existsSync(stamp) && existsSync(path.join(data, "PG_VERSION"))) return;
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { mode: 0o700 });
  if (user !== undefined) chownSync(data, user.uid, user.gid);
  // Anyone who can log in to this machine could read the files anyway.
  const options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"];
  const { initdb } = await binaries(home);
  const child = start(home, initdb, [`--pgdata=${data}`, ...options]);
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", resolve);
  });
  if (code !== 0) throw new Error(`initdb ended with code ${String(code)}`);
  writeFileSync(stamp, "");
}

/** Starts the server of an initialised home; it does not answer immediately. */
export async function startServer(
  home: string,
  port: number,
  more: Record<string, string>,
): Promise<ChildProcess> {
  const { postgres } = await binaries(home);
  const options = Object.entries({ ...settings, ...more });
  const flags = options.flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return start(home, postgres, ["-D", dataOf(home), "-p", String(port), ...flags]);
}
