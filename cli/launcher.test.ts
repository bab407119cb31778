import { spawnSync } from "node:child_process";
import path from "node:path";

import { expect, it, vi } from "vitest";

vi.setConfig({ testTimeout: 180_000 });

const launcher = path.join(import.meta.dirname, "encore.mjs");

function run(args: string[], input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], {
    input,
    encoding: "utf8",
    cwd: path.parse(import.meta.dirname).root,
  });
  return { status, stdout, stderr };
}

it("The command runs from anywhere, and its exit codes reach the shell", () => {
  const small = "customer,date,total\na,2026-01-01,5\n";
  expect(run(["--help"])).toMatchObject({ status: 0, stderr: "" });
  expect(run(["score", "-"], "rubbish")).toMatchObject({ status: 2, stdout: "" });
  expect(run(["score", "-"], small)).toMatchObject({ status: 3, stdout: "" });
  const forced = run(["score", "-", "--force"], small);
  expect(forced.status).toBe(0);
  expect(forced.stdout).toMatch(/^customer_id,.*\na,0,0,1,5,.*\n$/);
});
