import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import path from "node:path";

import { root } from "../stack/processes.ts";
import {
  ignoring,
  type Instruction,
  readCopy,
  readStages,
  readVariables,
  type Stage,
} from "./dockerfile.ts";

/** An image that was built without Docker: a folder in which its processes are started. */
export type Image = { directory: string; env: Record<string, string> };

type Made = { directory: string; at: string; env: Record<string, string> };

/** Instructions on how the image runs, not on its contents. */
const OF_RUNNING = ["USER", "EXPOSE", "HEALTHCHECK", "CMD"];

/**
 * Executes the Dockerfile step by step, each stage in an empty folder: without Docker, this tests that the
 * steps work, and that their result is sufficient for production.
 *
 * @param tell is called with each step before it is executed
 * @throws Error with the step that failed and its output
 */
export function makeImage(directory: string, tell: (step: string) => void): Image {
  rmSync(directory, { recursive: true, force: true });
  const made = new Map<string, Made>();
  for (const stage of readStages(readFileSync(path.join(root, "Dockerfile"), "utf8"))) {
    made.set(stage.name, makeStage(stage, { directory, made, tell }));
  }
  const last = [...made.values()].at(-1);
  if (last === undefined) throw new Error("The Dockerfile has no stage");
  return { directory: inside(last, "."), env: last.env };
}

type Making = { directory: string; made: Map<string, Made>; tell: (step: string) => void };

function makeStage({ name, instructions }: Stage, making: Making): Made {
  const stage: Made = { directory: path.join(making.directory, name), at: "/", env: {} };
  mkdirSync(stage.directory, { recursive: true });
  for (const instruction of instructions) {
    making.tell(`${name}: ${instruction.word} ${instruction.text}`);
    carryOut(instruction, stage, making.made);
  }
  return stage;
}

function carryOut({ word, text }: Instruction, stage: Made, made: Map<string, Made>): void {
  if (word === "WORKDIR") {
    stage.at = path.posix.resolve(stage.at, text);
    mkdirSync(inside(stage, "."), { recursive: true });
  } else if (word === "ENV") Object.assign(stage.env, readVariables(text));
  else if (word === "COPY") copy(text, stage, made);
  else if (word === "RUN") run(text, stage);
  else if (!OF_RUNNING.includes(word)) throw new Error(`${word} is not supported here`);
}

/** The location of an image's path on this machine. */
function inside({ directory, at }: Made, to: string): string {
  return path.join(directory, path.posix.resolve(at, to));
}

function copy(text: string, stage: Made, made: Map<string, Made>): void {
  const { from, sources, target } = readCopy(text);
  const before = from === null ? null : made.get(from);
  if (before === undefined) throw new Error(`COPY ${text}: there is no stage of that name`);
  const ignored = ignoring(readFileSync(path.join(root, ".dockerignore"), "utf8"));
  for (const source of sources) {
    const file = before === null ? path.join(root, source) : inside(before, source);
    if (!existsSync(file)) throw new Error(`COPY ${text}: there is no ${source}`);
    const isFolder = statSync(file).isDirectory();
    const many = sources.length > 1 || target.endsWith("/");
    const named = many && !isFolder;
    const to = inside(stage, named ? path.posix.join(target, path.basename(file)) : target);
    const sees = (each: string) => before !== null || !ignored(path.relative(root, each));
    // The contents of a folder entry by entry: the stage may be inside an ignored one.
    for (const name of isFolder ? readdirSync(file) : [""]) {
      const piece = path.join(file, name);
      if (!sees(piece)) continue;
      cpSync(piece, path.join(to, name), {
        recursive: true,
        verbatimSymlinks: true,
        filter: sees,
      });
    }
  }
}

function run(command: string, stage: Made): void {
  const result = spawnSync(command, {
    cwd: inside(stage, "."),
    env: { ...process.env, ...stage.env },
    shell: true,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status === 0) return;
  throw new Error(`RUN ${command} failed:\n${result.stdout}\n${result.stderr}`);
}
