import {
  type FitResult,
  fitStore,
  scoreStore,
  spendIntervals,
  type StoreFit,
  summarize,
  traced,
} from "#engine";

import { loadOrders } from "./input/load.ts";
import { prepare, type Prepared } from "./input/prepare.ts";
import { describeForced, describeRefusal, describeRows } from "./notes.ts";
import { readScoreOptions, type ScoreOptions } from "./options.ts";
import type { ScoredCustomers } from "./output/rows.ts";
import { checkFiles, type Output } from "./output/target.ts";
import { formatOf, writeScores, writeText } from "./output/write.ts";
import { buildReport } from "./report.ts";
import { Progress, type Terminal } from "./terminal.ts";

export const DONE = 0;
export const REFUSED = 3;

/** `encore score`; returns the exit code. Throws BadInput. */
export async function score(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = readScoreOptions(args);
  const format = formatOf(options.out);
  checkFiles({ input: options.file, outputs: outputsOf(options) }, terminal);
  const progress = new Progress(terminal);
  try {
    const prepared = await load(options, terminal, progress);
    progress.tell("Fitting models");
    const result = fit(prepared, options);
    if (options.report !== undefined) {
      const report = buildReport(prepared, result, options);
      await writeText([report], { file: options.report, stdout: terminal.stdout });
    }
    if (result.kind === "refused") {
      progress.end();
      terminal.stderr.write(describeRefusal(prepared, result));
      return REFUSED;
    }
    progress.tell("Scoring customers");
    const scored = scoreAll(prepared, result.fit);
    progress.tell("Writing");
    await writeScores(scored, { format, file: options.out, stdout: terminal.stdout });
    progress.end();
    const forced = result.rules.some((rule) => !rule.passed);
    terminal.stderr.write(forced ? describeForced(prepared, result) : describeRows(prepared.rows));
    return DONE;
  } finally {
    progress.end();
  }
}

function outputsOf({ out, report }: ScoreOptions): Output[] {
  const scores = { flag: "--out", file: out };
  return report === undefined ? [scores] : [scores, { flag: "--report", file: report }];
}

/** The raw rows are released once they are purchases. */
async function load(
  options: ScoreOptions,
  terminal: Terminal,
  progress: Progress,
): Promise<Prepared> {
  const beforeDay = options.asOfDay;
  const orders = await loadOrders({ ...options, beforeDay }, terminal, progress);
  progress.tell("Sorting orders");
  return prepare(orders, { beforeDay });
}

function fit({ purchases, asOfDay }: Prepared, { horizonDays, force }: ScoreOptions): FitResult {
  return fitStore(summarize(purchases, asOfDay), purchases, {
    asOfDay,
    fullHistory: true,
    rehearse: true,
    evenIfRefused: force,
    ...(horizonDays === undefined ? {} : { horizonDays }),
  });
}

function scoreAll({ ids, purchases, asOfDay }: Prepared, storeFit: StoreFit): ScoredCustomers {
  const summary = traced(purchases, summarize(purchases, asOfDay), storeFit);
  const scores = scoreStore(summary, storeFit);
  return { ids, summary, scores, spend: spendIntervals(summary, storeFit, scores) };
}
