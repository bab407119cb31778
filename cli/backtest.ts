import { backtest, digest, ENGINE_VERSION } from "#engine";

import { BadInput } from "./bad-input.ts";
import { writeDay } from "./input/days.ts";
import { loadOrders } from "./input/load.ts";
import { prepare, type Prepared } from "./input/prepare.ts";
import { describeRows, describeRules } from "./notes.ts";
import { type BacktestOptions, readBacktestOptions } from "./options.ts";
import { checkFiles } from "./output/target.ts";
import { writeText } from "./output/write.ts";
import { Progress, type Terminal } from "./terminal.ts";

/** `encore backtest`; returns the exit code. Throws BadInput. */
export async function runBacktest(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = readBacktestOptions(args);
  checkFiles({ input: options.file, outputs: [{ flag: "--out", file: options.out }] }, terminal);
  const progress = new Progress(terminal);
  try {
    const endDay = options.cutoffDay + options.horizonDays;
    const orders = await loadOrders({ ...options, beforeDay: endDay }, terminal, progress);
    progress.tell("Testing models");
    const prepared = prepare(orders, { beforeDay: endDay, settledDay: options.cutoffDay });
    const text = judge(prepared, { ...options, lastDay: orders.lastDay });
    await writeText([text], { file: options.out, stdout: terminal.stdout });
    progress.end();
    terminal.stderr.write(describeRows(prepared.rows));
    return 0;
  } finally {
    progress.end();
  }
}

type Window = BacktestOptions & { lastDay: number | null };

function judge({ purchases, rows, columns, currency }: Prepared, window: Window): string {
  const { cutoffDay, horizonDays, lastDay } = window;
  const end = cutoffDay + horizonDays;
  if (lastDay === null || lastDay < cutoffDay) {
    const last = lastDay === null ? "none" : writeDay(lastDay);
    throw new BadInput(
      `--cutoff ${writeDay(cutoffDay)} is after the last order (${last}): there is nothing to judge by`,
    );
  }
  const result = backtest(purchases, { cutoffDay, horizonDays });
  if (result === null) throw new BadInput(`nothing was bought before ${writeDay(cutoffDay)}`);
  const report = {
    engineVersion: ENGINE_VERSION,
    input: {
      digest: digest(purchases),
      columns,
      currency,
      timezone: window.timezone,
      excluded: window.exclude,
      rows,
    },
    cutoff: writeDay(cutoffDay),
    end: writeDay(end),
    /** The file may end before the window does: the figures are then of a shorter window. */
    windowComplete: lastDay >= end - 1,
    horizonDays,
    customers: result.customers,
    buyers: result.buyers,
    baseRate: result.baseRate,
    baseLogLoss: result.baseLogLoss,
    models: result.models,
    baselines: result.baselines,
    gate: {
      passed: result.rules.every((rule) => rule.passed),
      rules: describeRules(result.rules),
    },
    fit: result.fit,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
