import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { encore } from "../in-process.ts";
import { writeText } from "./write.ts";

vi.setConfig({ testTimeout: 60_000 });

const launcher = path.join(import.meta.dirname, "..", "encore.mjs");
const orders = "customer_id,date,amount\nann,2026-01-01,10\nbob,2026-01-02,20\n";
const nowhere = new Writable({
  write: (_chunk, _encoding, done) => {
    done();
  },
});

let folder = "";
const at = (name: string) => path.join(folder, name);
const textOf = (name: string) => readFileSync(at(name), "utf8");

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "encore-target-")));
  writeFileSync(at("in.csv"), orders);
  symlinkSync(at("in.csv"), at("link.csv"));
  symlinkSync(at("link.csv"), at("link-to-link.csv"));
  linkSync(at("in.csv"), at("hard.csv"));
  mkdirSync(at("inside"));
  symlinkSync(folder, at("inside/up"));
  symlinkSync(at("new.csv"), at("dangling.csv"));
  symlinkSync(at("round.csv"), at("round.csv"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The message of a refused call, after checking that it left the folder unchanged. */
async function refusal(...args: string[]): Promise<string> {
  const before = readdirSync(folder);
  const { code, stdout, stderr } = await encore(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^encore: [^\n]+\n$/);
  expect(readdirSync(folder)).toEqual(before);
  expect(textOf("in.csv")).toBe(orders);
  return stderr;
}

describe("the file of orders is never written to", () => {
  const names = ["in.csv", "link.csv", "link-to-link.csv", "hard.csv", "inside/up/./in.csv"];

  it.each(names)("by its name %s", async (name) => {
    const window = ["--cutoff", "2026-01-02", "--horizon", "30"];
    const calls = [
      ["score", at("in.csv"), "--out", at(name)],
      ["score", at(name), "--out", at("in.csv")],
      ["score", at("in.csv"), "--out", at("new.csv"), "--report", at(name), "--force"],
      ["backtest", at("in.csv"), "--out", at(name), ...window],
    ];
    for (const call of calls) {
      expect(await refusal(...call)).toContain("is the file that the orders are read from");
    }
  });

  it("also when it has the name of a temporary output file", async () => {
    writeFileSync(at("s.csv.partial"), orders);
    const { code } = await encore(["score", at("s.csv.partial"), "--force", "--out", at("s.csv")]);
    expect(code).toBe(0);
    expect(textOf("s.csv.partial")).toBe(orders);
  });
});

describe("two results go to two files", () => {
  const pairs = [
    ["new.csv", "new.csv"],
    ["new.csv", "dangling.csv"],
    ["dangling.csv", "inside/up/new.csv"],
    ["./inside/../new.csv", "new.csv"],
  ] as const;

  it.each(pairs)("and not to %s and %s", async (one, two) => {
    const score = ["score", at("in.csv"), "--force", "--out", at(one), "--report", at(two)];
    expect(await refusal(...score)).toMatch(/--out .* and --report .* are the same/);
    const simulate = ["simulate", "--customers", "5", "--out", at(one), "--truth", at(two)];
    expect(await refusal(...simulate)).toMatch(/--out .* and --truth .* are the same/);
  });

  it("unless it is a device that stores nothing", async () => {
    const nothing = ["--report", "/dev/null"];
    const { code, stdout } = await encore(["score", at("in.csv"), "--force", ...nothing]);
    expect({ code, lines: stdout.split("\n").length }).toEqual({ code: 0, lines: 4 });
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });
});

describe("a file that cannot be written", () => {
  it("is reported before anything is read", async () => {
    const told = (name: string) => refusal("score", at("in.csv"), "--report", at(name));
    expect(await told("none/r.json")).toContain("there is no folder");
    expect(await told("in.csv/r.json")).toContain("there is no folder");
    expect(await told("inside")).toContain("is a folder");
    expect(await told("round.csv")).toContain("leads from link to link");
  });

  // Root can write to anything.
  it.skipIf(process.getuid?.() === 0)("may be write-protected", async () => {
    writeFileSync(at("kept.json"), "old");
    chmodSync(at("kept.json"), 0o444);
    const told = await refusal("score", at("in.csv"), "--report", at("kept.json"));
    expect(told).toContain("it is write-protected");
  });
});

describe("an existing file", () => {
  const half = function* (): Generator<string> {
    yield "half";
    throw new Error("no space left");
  };

  it("is kept when writing the new one fails", async () => {
    writeFileSync(at("old.csv"), "old");
    const before = readdirSync(folder);
    const writing = writeText(half(), { file: at("old.csv"), stdout: nowhere });
    await expect(writing).rejects.toThrow("no space left");
    expect(textOf("old.csv")).toBe("old");
    expect(readdirSync(folder)).toEqual(before);
  });

  it("keeps its links and permissions", async () => {
    writeFileSync(at("old.csv"), "old", { mode: 0o600 });
    symlinkSync(at("old.csv"), at("to-old.csv"));
    await writeText(["new"], { file: at("to-old.csv"), stdout: nowhere });
    expect(lstatSync(at("to-old.csv")).isSymbolicLink()).toBe(true);
    expect(textOf("old.csv")).toBe("new");
    expect(statSync(at("old.csv")).mode & 0o777).toBe(0o600);
    await writeText(["made"], { file: at("dangling.csv"), stdout: nowhere });
    expect(textOf("new.csv")).toBe("made");
  });

  it("has no temporary file left beside it when the command is stopped", async () => {
    writeFileSync(at("old.csv"), "old");
    const before = readdirSync(folder);
    const args = ["simulate", "--customers", "300000", "--out", at("old.csv")];
    const child = spawn(process.execPath, [launcher, ...args], { stdio: "ignore" });
    const ended = once(child, "exit");
    while (readdirSync(folder).length === before.length) await sleep(5);
    child.kill("SIGINT");
    expect(await ended).toEqual([null, "SIGINT"]);
    expect(readdirSync(folder)).toEqual(before);
    expect(textOf("old.csv")).toBe("old");
  });
});

describe("a redirected standard output", () => {
  type Streams = { stdin?: number; stdout?: number };

  function run(args: string[], { stdin, stdout }: Streams = {}) {
    const stdio = [stdin ?? "ignore", stdout ?? "pipe", "pipe"] as const;
    const result = spawnSync(process.execPath, [launcher, ...args], {
      stdio: [...stdio],
      encoding: "utf8",
    });
    return { code: result.status, stdout: result.stdout, stderr: result.stderr };
  }

  it("is recognised as the file it goes to", () => {
    const reading = () => openSync(at("in.csv"), "r");
    const adding = (name: string) => openSync(at(name), "a");
    const input = [
      run(["score", "-", "--force", "--out", at("hard.csv")], { stdin: reading() }),
      run(["score", at("in.csv"), "--force"], { stdout: adding("link.csv") }),
      run(["score", at("in.csv"), "--force", "--report", "/dev/stdout", "--out", at("s.csv")], {
        stdout: adding("in.csv"),
      }),
    ];
    for (const { code, stderr } of input) {
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: /orders are read from/ });
    }
    const results = [
      run(["score", at("in.csv"), "--force", "--report", "/dev/stdout"]),
      run(["simulate", "--customers", "5", "--truth", "/dev/stdout"]),
      run(["score", at("in.csv"), "--force", "--out", at("s.csv"), "--report", "/dev/stdout"], {
        stdout: adding("s.csv"),
      }),
    ];
    for (const { code, stderr } of results) {
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: /are the same/ });
    }
    expect(textOf("in.csv")).toBe(orders);
  });

  it("is appended to when it is named /dev/stdout", () => {
    writeFileSync(at("log.txt"), "before\n");
    const stdout = openSync(at("log.txt"), "a");
    const args = ["score", at("in.csv"), "--force", "--out", at("s.csv")];
    expect(run([...args, "--report", "/dev/stdout"], { stdout })).toMatchObject({ code: 0 });
    expect(textOf("log.txt")).toMatch(/^before\n\{\n {2}"engineVersion"/);
    expect(textOf("s.csv")).toMatch(/^customer_id,/);
  });

  it("may be a named pipe", async () => {
    spawnSync("mkfifo", [at("pipe")]);
    const reader = spawn("cat", [at("pipe")], { stdio: ["ignore", "pipe", "ignore"] });
    let read = "";
    reader.stdout.on("data", (chunk: Buffer) => (read += chunk.toString()));
    const ended = once(reader, "close");
    expect(await encore(["score", at("in.csv"), "--force", "--report", at("pipe")])).toMatchObject({
      code: 0,
    });
    await ended;
    expect(JSON.parse(read)).toMatchObject({ horizonDays: expect.any(Number) });
    expect(statSync(at("pipe")).isFIFO()).toBe(true);
  });
});
