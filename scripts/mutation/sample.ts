import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import { createRandom } from "#simulator/random.ts";

export type Sample = {
  /** The same seed gives the same lines, as long as the code is the same. */
  seed: number;
  /** Number of places. */
  places: number;
  /** Lines per place. */
  lines: number;
};

/**
 * Random places in the code, uniform over lines, as Stryker's ranges.
 *
 * @param folder whose files are sampled, without tests
 */
export function sampled(folder: string, root: string, { seed, places, lines }: Sample): string[] {
  const files = globSync(`${folder}/**/*.ts`, { cwd: root })
    .filter((file) => !file.endsWith(".test.ts"))
    .sort();
  const starts = files.flatMap((file) => {
    const count = readFileSync(path.join(root, file), "utf8").split("\n").length;
    return Array.from(
      { length: Math.max(0, count - lines) },
      (_, line) => [file, line + 1] as const,
    );
  });
  const random = createRandom(seed);
  const chosen = new Set<string>();
  while (chosen.size < Math.min(places, starts.length)) {
    const [file, line] = starts[random.integer(starts.length)] ?? ["", 0];
    chosen.add(`${file}:${String(line)}-${String(line + lines)}`);
  }
  return [...chosen].sort();
}
