import type { Stage } from "../stage.ts";
import type { Difference } from "./difference.ts";
import { compareWithCopy, installCopies } from "./fresh-install.ts";
import { findPersonalData, type Person } from "./personal.ts";
import { compareShown } from "./shown.ts";
import { compareWritten } from "./written.ts";

export type Comparison = { compared: Record<string, number>; differences: Difference[] };

type Part = { compared: number; differences: Difference[] };

/**
 * Everything that must hold for every shop after a storm.
 *
 * @param name prefix of the shops' copies; must be unique
 */
export async function compareAll(
  stage: Stage,
  people: readonly Person[],
  name: string,
): Promise<Comparison> {
  const { database, sites } = stage;
  const result: Comparison = { compared: {}, differences: [] };
  const add = (what: string, { compared, differences }: Part) => {
    result.compared[what] = (result.compared[what] ?? 0) + compared;
    result.differences.push(...differences);
  };
  const copies = await installCopies(stage, name);
  for (const [index, site] of sites.entries()) {
    const copy = copies[index];
    if (copy === undefined) throw new Error(`${site.shop} has no copy`);
    add("rows with a fresh install", await compareWithCopy(database, site, copy));
    add("tiers replayed", await compareShown(stage, site));
    add("customers in Shopify", await compareWritten(database, site));
  }
  const logs = [stage.web, ...stage.workers].map(({ running }) => running.logFile);
  add("people looked for", await findPersonalData(database.url, people, logs));
  return result;
}
