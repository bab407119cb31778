import { spawnSync } from "node:child_process";
import { root } from "./processes.ts";
import type { Stack } from "./stack.ts";

/** Runs `npm run doctor` on a stack: all that it says, and whether it found all well. */
export function askDoctor(stack: Stack): { well: boolean; text: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...["--import", "tsx", "scripts/doctor.ts"],
      ...["--config", stack.appConfig, "--shop", stack.domain],
    ],
    { cwd: root, env: { ...process.env, ...stack.environment }, encoding: "utf8" },
  );
  return { well: status === 0, text: `${stdout}${stderr}` };
}
