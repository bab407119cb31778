import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Matches files that start web, worker or simulator, which take longest. */
const STARTS_PROCESSES = /\b(startStack|startNode|spawn)\(/;
/** The share of a run within which these files are started. */
const BEGUN_WITHIN = 0.8;

/**
 * A new random order of the files in every run, in which those that start processes are spread
 * evenly over its first part, so that no slow file is started last.
 */
export class NoLongTail extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const seed = String(this.ctx.config.sequence.seed);
    const drawn = files
      .map((file) => ({ file, key: drawnKey(file.moduleId, seed) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ file }) => file);
    const isLong = ({ moduleId }: TestSpecification) =>
      STARTS_PROCESSES.test(readFileSync(moduleId, "utf8"));
    const long = drawn.filter(isLong);
    const placed = drawn
      .filter((file) => !long.includes(file))
      .map((file, i, short) => ({ file, place: i / short.length }));
    placed.push(
      ...long.map((file, i) => ({ file, place: (BEGUN_WITHIN * i) / long.length - 1e-9 })),
    );
    return Promise.resolve(placed.sort((a, b) => a.place - b.place).map(({ file }) => file));
  }
}

function drawnKey(file: string, seed: string): string {
  return createHash("sha256").update(seed).update(file).digest("hex");
}
