import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";

import { parse } from "smol-toml";
import { afterEach, describe, expect, it, vi } from "vitest";

import { freePort } from "../../scripts/stack/processes.ts";

// Shopify's CLI is not installed here: this sets the same environment, and runs the command it
// would run.

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const TUNNEL = "gift-shop.trycloudflare.com";

let child: ChildProcess | undefined;

const soon = (holds: () => void | Promise<void>) =>
  vi.waitFor(holds, { timeout: 60_000, interval: 100 });

function run(env: Record<string, string>): { said: () => string } {
  let text = "";
  child = spawn(process.execPath, ["--import", "tsx", "scripts/shopify-dev.ts"], {
    cwd: root,
    env: { ...process.env, LOG_LEVEL: "info", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  }
  return { said: () => text };
}

function get(port: number, host: string, url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = request({ port, host: "localhost", path: url, headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on("error", () => {
      resolve(undefined);
    });
    asked.end();
  });
}

afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }
});

describe("what shopify app dev runs", () => {
  it("is a script of package.json", () => {
    const web = parse(read("shopify.web.toml")) as {
      roles: string[];
      commands: { dev: string; build: string };
    };
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    // The process with both roles is the one the tunnel leads to.
    expect(web.roles).toEqual(["frontend", "backend"]);
    const named = Object.values(web.commands).map((command) => command.replace("npm run ", ""));
    expect(named.map((name) => scripts[name])).toEqual([
      "remix vite:build",
      "node scripts/with-setup.mjs scripts/shopify-dev.ts",
    ]);
  });

  it("serves the app under the tunnel's name, with a worker, and ends both", async () => {
    const port = await freePort();
    const { said } = run({
      ...{ HOST: `https://${TUNNEL}`, APP_URL: `https://${TUNNEL}`, PORT: String(port) },
      ...{ NODE_ENV: "development", SCOPES: "read_orders", BACKEND_PORT: "1", FRONTEND_PORT: "2" },
    });
    await soon(() => {
      expect(said()).toContain("worker ready");
    });
    await soon(async () => {
      expect(await get(port, TUNNEL, "/healthz")).toBe(200);
    });
    expect(await get(port, "elsewhere.example", "/healthz")).toBe(403);
    expect(await get(port, TUNNEL, "/auth/login")).toBe(200);
    child?.kill("SIGTERM");
    await once(child as ChildProcess, "exit");
    await soon(async () => {
      expect(await get(port, TUNNEL, "/healthz")).toBeUndefined();
    });
  }, 120_000);

  it("reports what is missing when it is run by hand", async () => {
    const { said } = run({ HOST: "127.0.0.1" });
    expect(await once(child as ChildProcess, "exit")).toEqual([1, null]);
    expect(said()).toMatch(
      /^Expected the tunnel's https address .* found "127\.0\.0\.1": shopify app/,
    );
  });
});
