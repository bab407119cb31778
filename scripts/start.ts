// The web process of a deployment: brings the database up to date, then serves the built app.
// SIGTERM goes to the server, which ends its open requests first.
import { spawn } from "node:child_process";
import path from "node:path";
import { migrate } from "./migrate.ts";
import { root } from "./stack/processes.ts";

const applied = await migrate(process.env.DATABASE_URL ?? "");
for (const name of applied) console.log(`Applied migration ${name}`);

const serve = path.join(root, "node_modules", "@remix-run", "serve", "dist", "cli.js");
const server = spawn(process.execPath, [serve, "build/server/index.js"], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, NODE_ENV: "production" },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));
server.on("exit", (code) => process.exit(code ?? 1));
