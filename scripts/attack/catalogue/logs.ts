import { type Check, MARKER } from "../check.ts";
import type { Stage } from "../stage.ts";

const SHOWN = 3;

function lines(stage: Stage): Promise<string[]> {
  const raw: string[] = [];
  let marked = 0;
  for (const line of stage.printed().split("\n")) {
    if (line.includes(MARKER)) marked += 1;
    try {
      if (line !== "") JSON.parse(line);
    } catch {
      raw.push(`printed past the log: ${line.slice(0, 80)}`);
    }
  }
  const complaints = marked === 0 ? [] : [`${marked} lines contain what an attacker sent`];
  return Promise.resolve([...raw.slice(0, SHOWN), ...complaints]);
}

/** Runs last. */
export const logs: Check[] = [
  { holds: "all output consists of log lines, without the attackers' input", run: lines },
];
