import { once } from "node:events";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

import type { Purchases } from "#engine";

import { evaluate, type EvaluateOptions, type Evaluation } from "./evaluate.ts";

/** Judges the purchases of one shop as of one day after the other. */
export type Evaluator = {
  /** @throws the reason of the signal when that is aborted: work under way is given up */
  evaluate: (options: EvaluateOptions) => Promise<Evaluation>;
  close: () => Promise<void>;
};

/** Below this, computing takes less than starting a thread does. */
const ROWS_FOR_A_THREAD = 3_000;

/**
 * Evaluates in a thread of its own, so that a worker which scores a million customers still serves
 * its other shops. The purchases are handed over and empty afterwards.
 */
export function openEvaluator(purchases: Purchases, signal?: AbortSignal): Evaluator {
  if (purchases.customer.length >= ROWS_FOR_A_THREAD) return openThread(purchases, signal);
  return {
    evaluate: (options) => Promise.resolve(evaluate(purchases, options)),
    close: () => Promise.resolve(),
  };
}

function openThread(purchases: Purchases, signal: AbortSignal | undefined): Evaluator {
  const { customer, day, amount } = purchases;
  const thread = new Worker(new URL("./evaluation-thread.server.ts", import.meta.url), {
    workerData: purchases,
    transferList: [customer, day, amount].flatMap(({ buffer }) =>
      buffer instanceof ArrayBuffer ? [buffer] : [],
    ),
    // However this process was started: the thread's code is TypeScript.
    execArgv: ["--import", loader()],
  });
  const close = async () => {
    await thread.terminate();
  };
  return {
    async evaluate(options) {
      signal?.throwIfAborted();
      thread.postMessage(options);
      const [evaluation] = (await once(thread, "message", { signal })) as [Evaluation];
      return evaluation;
    },
    close,
  };
}

function loader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
}
