import { spawnSync } from "node:child_process";

import { root } from "../scripts/stack/processes.ts";
import type { Bench, Row } from "./main.ts";

type Checked = {
  orders: number;
  scored: number;
  mismatches: number;
  seconds: Record<string, number>;
};

function check(shop: string): Row {
  const args = ["--import", "tsx", "scripts/demo.ts", "--check", "--shop", shop];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  const last = stdout.trim().split("\n").at(-1) ?? "{}";
  if (status !== 0) throw new Error(`the demo of ${shop} ended with ${status}: ${last}`);
  const { orders, scored, mismatches, seconds } = JSON.parse(last) as Checked;
  const phases = ["import", "score", "write"].map((phase) => `${phase} ${seconds[phase] ?? 0} s`);
  const total = ["install", "import", "score", "write"].reduce(
    (sum, phase) => sum + (seconds[phase] ?? 0),
    0,
  );
  return {
    what: `${shop}: ${orders} orders, ${scored} scored, ${mismatches} mismatches`,
    measured: `${total.toFixed(1)} s (${phases.join(", ")})`,
    goal: shop === "giftware" ? "< 60 s from import to written back" : "",
  };
}

export default {
  title: "from the first order read to the last tag written",
  run: () => Promise.resolve(["giftware", "cdnow", "young"].map(check)),
} satisfies Bench;
