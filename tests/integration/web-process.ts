import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";

import { buildApp } from "../../scripts/stack/build.ts";
import { freePort } from "../../scripts/stack/processes.ts";

const root = path.resolve(import.meta.dirname, "../..");

export type WebProcess = {
  url: string;
  child: ChildProcess;
  /** Its output, on stdout and stderr. */
  printed: () => string;
  stop: () => Promise<void>;
};

/** A separate web process, on the test's database. */
export async function startWeb(env: Record<string, string> = {}): Promise<WebProcess> {
  buildApp();
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const child = spawn(process.execPath, ["--import", "tsx", "app/server/main.ts"], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: "production",
      PORT: String(port),
      SHOPIFY_APP_URL: url,
      LOG_LEVEL: "debug",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    void ended.then(() => {
      reject(new Error(text));
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes('"serving"')) resolve();
      });
    }
  });
  return {
    url,
    child,
    printed: () => text,
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
