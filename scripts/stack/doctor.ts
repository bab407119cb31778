import { spawnSync } from "node:child_process";
import path from "node:path";

import { root } from "./processes.ts";
import type { Stack } from "./stack.ts";

/** Runs `npm run doctor` on a stack: its output, and whether there was nothing to fix. */
export function askDoctor(stack: Stack): { well: boolean; text: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...["--import", "tsx", "scripts/doctor.ts"],
      ...["--config", path.resolve(root, stack.appConfig), "--shop", stack.domain],
    ],
    { cwd: stack.directory, env: { ...process.env, ...stack.environment }, encoding: "utf8" },
  );
  return { well: status === 0, text: `${stdout}${stderr}` };
}
