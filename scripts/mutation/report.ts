import path from "node:path";

import type { MutantResult } from "@stryker-mutator/api/core";

type Counted = { noticed: number; survived: number };

/** The percentage of detected mutants by folder, and the list of survivors. */
export function reportOf(results: readonly MutantResult[]): { text: string; share: number } {
  const folders = new Map<string, Counted>();
  const survivors: string[] = [];
  const all: Counted = { noticed: 0, survived: 0 };
  for (const mutant of results) {
    const found = isNoticed(mutant);
    if (found === null) continue;
    const file = path.relative(process.cwd(), mutant.fileName);
    const folder = path.dirname(file);
    const counted = folders.get(folder) ?? { noticed: 0, survived: 0 };
    folders.set(folder, counted);
    for (const count of [counted, all]) count[found ? "noticed" : "survived"] += 1;
    if (!found) survivors.push(`${file}:${placeOf(mutant)} ${describe(mutant)}`);
  }
  const lines = [...folders].sort().map(([folder, counted]) => lineOf(folder, counted));
  const text = [...survivors.sort(), "", ...lines, lineOf("all", all), ""].join("\n");
  return { text, share: shareOf(all) };
}

/** Null for a mutant without a result: it does not compile, or is ignored on purpose. */
function isNoticed({ status }: MutantResult): boolean | null {
  if (status === "Killed" || status === "Timeout") return true;
  return status === "Survived" || status === "NoCoverage" ? false : null;
}

function placeOf({ location: { start } }: MutantResult): string {
  return `${String(start.line)}:${String(start.column)}`;
}

function describe({ mutatorName, replacement = "", status }: MutantResult): string {
  const text = replacement.replaceAll(/\s+/g, " ").slice(0, 80);
  return `${mutatorName}${status === "NoCoverage" ? " (no test)" : ""} → ${text}`;
}

function shareOf({ noticed, survived }: Counted): number {
  return noticed + survived === 0 ? 100 : (100 * noticed) / (noticed + survived);
}

function lineOf(name: string, counted: Counted): string {
  const { noticed, survived } = counted;
  return `${name}: ${shareOf(counted).toFixed(1)} % of ${String(noticed + survived)} noticed`;
}
