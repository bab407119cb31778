// The first step of every command that works on a fresh clone: installs dependencies, finds a suitable Node,
// generates types, then runs the given script. Plain JavaScript on purpose: nothing is installed yet when it
// starts, and the Node that runs it may be as old as 20.19.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { complaintAbout, isAtLeast } from "../runtime/node-version.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const stamps = path.join(root, ".data", "setup");
const windows = process.platform === "win32";

/** @param {string} message */
function say(message) {
  process.stderr.write(`${message}\n`);
}

/** @param {string[]} files */
function digestOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(path.join(root, file)));
  return hash.digest("hex");
}

/** Runs the work only if its output is missing, or its inputs have changed.
 * @param {string} makes @param {string} digest @param {() => void} work */
function once(makes, digest, work) {
  const stamp = path.join(stamps, makes.replaceAll("/", "-"));
  const made = existsSync(path.join(root, makes));
  if (made && existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  work();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, digest);
}

/** @param {string} command @param {string[]} args @param {Record<string, string | undefined>} [env] */
function run(command, args, env = process.env) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: "pipe",
    env: /** @type {NodeJS.ProcessEnv} */ (env),
    shell: windows,
  });
  if (result.status !== 0) {
    say(`${path.basename(command)} ${args.join(" ")} failed:`);
    say(`${result.stdout}\n${result.stderr}\n${result.error ?? ""}`);
    process.exit(1);
  }
}

function install() {
  // A link to another folder's dependencies, which npm would delete.
  const linked = lstatSync(path.join(root, "node_modules"), { throwIfNoEntry: false });
  if (linked?.isSymbolicLink()) return;
  const digest = digestOf(["package.json", "package-lock.json"]);
  once("node_modules", digest, () => {
    say("• Installing dependencies (about a minute and a half the first time) …");
    const npm = process.env.npm_execpath;
    const args = ["ci", "--loglevel=error", "--no-audit", "--no-fund"];
    if (npm) run(process.execPath, [npm, ...args]);
    else run(windows ? "npm.cmd" : "npm", args);
  });
}

/** The Node to continue with: this one if new enough, otherwise the one installed by npm. */
function fitNode() {
  const complaint = complaintAbout(process.versions.node);
  if (complaint === null) return process.execPath;
  const own = path.join(root, "node_modules", "node", "bin", windows ? "node.exe" : "node");
  if (existsSync(own)) {
    const version = execFileSync(own, ["--version"], { encoding: "utf8" }).trim().slice(1);
    if (complaintAbout(version) === null) return own;
  }
  say(complaint);
  say("It is not installed: remove node_modules and run the command again.");
  return process.exit(1);
}

/** @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** @param {string} node */
function generate(node) {
  const sources = [
    "prisma/schema.prisma",
    ...filesBelow("schema"),
    ...filesBelow("app/shopify").filter((file) => file.endsWith(".ts")),
  ];
  const bin = path.join(root, "node_modules");
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  once("app/generated", digestOf(sources), () => {
    say("• Generating types from the database schema and the Admin API schema …");
    run(node, [path.join(bin, "prisma/build/index.js"), "generate"], env);
    run(node, [path.join(bin, "@graphql-codegen/cli/cjs/bin.js")], env);
  });
}

if (!isAtLeast(process.versions.node, "20.19.0")) {
  say(`Encore needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}
install();
const node = fitNode();
generate(node);

const [script = "", ...args] = process.argv.slice(2);
const pathWithTools = [
  path.dirname(node),
  path.join(root, "node_modules", ".bin"),
  process.env.PATH,
].join(path.delimiter);
const child = spawn(node, ["--import", "tsx", path.join(root, script), ...args], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PATH: pathWithTools },
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => child.kill(signal));
}
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
