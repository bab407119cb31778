import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { root } from "./processes.ts";

const sources = ["app", "engine", "public"];
const files = ["vite.config.ts", "remix.config.js", "package-lock.json"];

function digestOfSources(): string {
  const hash = createHash("sha256");
  const add = (file: string) => hash.update(file).update(readFileSync(path.join(root, file)));
  for (const folder of sources) {
    const entries = readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true });
    entries
      .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      .sort()
      .forEach(add);
  }
  files.forEach(add);
  return hash.digest("hex");
}

/** Builds the app if its sources changed since the last build. Returns whether it did. */
export function buildApp(): boolean {
  const stamp = path.join(root, ".data", "setup", "build");
  const digest = digestOfSources();
  const server = path.join(root, "build", "server", "index.js");
  if (existsSync(server) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest)
    return false;
  const cli = path.join(root, "node_modules", "@remix-run", "dev", "dist", "cli.js");
  const result = spawnSync(process.execPath, [cli, "vite:build"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production" },
    encoding: "utf8",
  });
  if (result.status !== 0) throw new Error(`The build failed:\n${result.stdout}\n${result.stderr}`);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
  return true;
}
