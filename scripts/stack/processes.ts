import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { pathToFileURL } from "node:url";

export const root = path.resolve(import.meta.dirname, "..", "..");
const endWithParent = pathToFileURL(path.join(import.meta.dirname, "end-with-parent.mjs")).href;

/** A free port: the preferred one if possible. */
export function freePort(wished = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", (error) => {
      if (wished === 0) reject(error);
      else freePort().then(resolve, reject);
    });
    probe.listen(wished, "127.0.0.1", () => {
      const address = probe.address();
      const port = address !== null && typeof address === "object" ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

export type Running = {
  name: string;
  child: ChildProcess;
  /** The file with the process's output. */
  logFile: string;
  stop: (signal?: NodeJS.Signals) => Promise<void>;
  /** Resolves when the process ended unexpectedly. */
  lost: Promise<void>;
};

export type Command = {
  name: string;
  args: string[];
  env: Record<string, string>;
  logDirectory: string;
  /** Working directory; by default this checkout. */
  cwd?: string | undefined;
};

/** Starts a Node process with its output in a file, which ends with this process. */
export function startNode({ name, args, env, logDirectory, cwd = root }: Command): Running {
  mkdirSync(logDirectory, { recursive: true });
  const logFile = path.join(logDirectory, `${name}.log`);
  const output = createWriteStream(logFile, { flags: "a" });
  const child = spawn(process.execPath, ["--import", endWithParent, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  let asked = false;
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  const lost = new Promise<void>((resolve) => {
    child.once("exit", () => {
      if (!asked) resolve();
    });
  });
  const endWithUs = () => child.kill("SIGKILL");
  process.once("exit", endWithUs);
  return {
    name,
    child,
    logFile,
    lost,
    stop: async (signal = "SIGTERM") => {
      asked = true;
      process.off("exit", endWithUs);
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const patience = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await exited;
      clearTimeout(patience);
    },
  };
}

export type Patience = { for: Running; seconds: number };

/** Waits until the address answers below 500. @throws Error naming the process and its log. */
export async function waitForHttp(url: string, patience: Patience): Promise<void> {
  const end = Date.now() + patience.seconds * 1000;
  while (Date.now() < end) {
    const { child, name, logFile } = patience.for;
    if (child.exitCode !== null) {
      throw new Error(`${name} ended with code ${child.exitCode}; it printed: ${logFile}`);
    }
    const answered = await fetch(url, { redirect: "manual" }).then(
      (response) => response.status < 500,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(
    `${patience.for.name} did not answer within ${patience.seconds} s; see ${patience.for.logFile}`,
  );
}
