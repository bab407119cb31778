// What `shopify app dev` runs (shopify.web.toml): web from its sources, and a worker, for a development
// store. Without DATABASE_URL an embedded PostgreSQL is used, and without TOKEN_KEYS a generated key; both
// are kept, so that the app need not be installed in the store again.
import "#runtime/fit-node.mjs";

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { embeddedPostgres } from "./postgres/embedded.ts";
import { migrate } from "./migrate.ts";
import { root } from "./stack/processes.ts";
import { fromShopifyCli } from "./stack/shopify-cli.ts";
import { workerFlags } from "./stack/worker-flags.ts";

const KEY_FILE = path.join(root, ".data", "shopify-dev", "token-keys");
const endWithParent = pathToFileURL(
  path.join(import.meta.dirname, "stack", "end-with-parent.mjs"),
).href;

function ownKey(): string {
  if (!existsSync(KEY_FILE)) {
    mkdirSync(path.dirname(KEY_FILE), { recursive: true });
    writeFileSync(KEY_FILE, `dev:${randomBytes(32).toString("base64")}`, { mode: 0o600 });
  }
  return readFileSync(KEY_FILE, "utf8");
}

async function environment(): Promise<NodeJS.ProcessEnv> {
  const fromCli = fromShopifyCli(process.env);
  const databaseUrl =
    process.env.DATABASE_URL || (await embeddedPostgres("encore_shopify_dev", "kept")).url;
  await migrate(databaseUrl);
  const TOKEN_KEYS = process.env.TOKEN_KEYS || ownKey();
  return { ...process.env, ...fromCli, DATABASE_URL: databaseUrl, TOKEN_KEYS };
}

/** Exits when either process ends: the CLI shows why, and starts both again. */
function start(args: string[], env: NodeJS.ProcessEnv): void {
  const child = spawn(process.execPath, ["--import", endWithParent, ...args], {
    cwd: root,
    env,
    stdio: ["pipe", "inherit", "inherit"],
  });
  child.once("exit", (code) => process.exit(code ?? 1));
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => process.exit(0));
}

try {
  const env = await environment();
  start(["node_modules/@remix-run/dev/dist/cli.js", "vite:dev"], env);
  start([...workerFlags, "app/worker/main.ts"], env);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
