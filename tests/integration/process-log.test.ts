import { spawnSync } from "node:child_process";
import path from "node:path";

import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const marker = "jane.doe@example.com";
const error = `Object.assign(new Error("failed"), { detail: "${marker}", row: { email: "${marker}" } })`;

type Line = { level: number; msg: string; err?: { message: string }; from?: string };

/** The output of a process that starts like web and worker, and then runs this code. */
function printed(code: string): { status: number | null; lines: Line[]; text: string } {
  const script = `await import("#app/lib/process-log.server.ts"); ${code}`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "--eval", script],
    { cwd: root, env: { ...process.env, LOG_LEVEL: "debug" }, encoding: "utf8" },
  );
  const text = `${stdout}${stderr}`;
  const lines = text.split("\n").filter((line) => line !== "");
  return { status, text, lines: lines.map((line) => JSON.parse(line) as Line) };
}

describe("the output of our processes", () => {
  it("names the place where a library wrote to the console, not the text", () => {
    const said = `"path /${marker}", { email: "${marker}" }, ${error}`;
    const methods = ["error", "warn", "info", "log", "debug", "trace", "dir", "table", "group"];
    const { status, text, lines } = printed(
      methods.map((method) => `console.${method}(${said});`).join("\n"),
    );
    expect(status).toBe(0);
    expect(text).not.toContain("jane");
    expect(lines.map(({ level }) => level)).toEqual([50, 40, 20, 20, 20, 20, 20, 20, 20]);
    for (const { err, from } of lines) {
      expect(err?.message).toBe("failed");
      expect(from).toContain("[eval");
    }
  });

  it("is a line of the log for a warning of Node's", () => {
    const { text, lines } = printed(
      `process.emitWarning("beware", { detail: "${marker}" }); setTimeout(() => {}, 50);`,
    );
    expect(lines).toMatchObject([{ level: 40, err: { message: "beware" } }]);
    expect(text).not.toContain("jane");
  });

  it.each([
    ["an error that nobody caught", `setTimeout(() => { throw ${error}; })`, "failed"],
    ["a promise that failed", `void Promise.reject(${error})`, "failed"],
    [
      "one that failed with no error",
      `void Promise.reject("${marker}")`,
      "something else was thrown",
    ],
    ["a start that fails", `await Promise.reject(${error})`, "failed"],
  ])("is a line of the log for %s, and then it ends", (_, code, message) => {
    const { status, text, lines } = printed(code);
    expect(status).toBe(1);
    expect(lines).toMatchObject([{ level: 60, err: { message } }]);
    expect(text).not.toContain("jane");
  });
});
