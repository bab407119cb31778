import { once } from "node:events";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

import { type Judgement, judgeScores, type Purchases } from "#engine";

import { evaluate, type EvaluateOptions, type Evaluation } from "./evaluate.ts";
import type { ShownOn } from "./shown-scores.ts";

/** Evaluates the purchases of one shop, one as-of day at a time. */
export type Evaluator = {
  /** @throws the signal's reason when it aborts */
  evaluate: (options: EvaluateOptions) => Promise<Evaluation>;
  /** Compares scores of an earlier day with what happened since; as above. */
  judge: (shown: ShownOn) => Promise<Judgement>;
  close: () => Promise<void>;
};

/** What the thread is asked for. */
export type EvaluatorRequest =
  { kind: "evaluate"; options: EvaluateOptions } | { kind: "judge"; shown: ShownOn };

/** Below this, computing takes less time than starting a thread. */
const ROWS_FOR_A_THREAD = 3_000;

/**
 * Evaluates large shops in a thread, so that a worker can serve other shops meanwhile. The
 * purchases are transferred to it: the caller's arrays are empty afterwards.
 */
export function openEvaluator(purchases: Purchases, signal?: AbortSignal): Evaluator {
  if (purchases.customer.length >= ROWS_FOR_A_THREAD) return openThread(purchases, signal);
  return {
    evaluate: (options) => Promise.resolve(evaluate(purchases, options)),
    judge: ({ scores, ...when }) => Promise.resolve(judgeScores(purchases, scores, when)),
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
    // The thread's code is TypeScript, however this process was started.
    execArgv: ["--import", loader()],
  });
  const close = async () => {
    await thread.terminate();
  };
  const ask = async (request: EvaluatorRequest): Promise<unknown> => {
    signal?.throwIfAborted();
    thread.postMessage(request);
    const [answer] = (await once(thread, "message", { signal })) as [unknown];
    return answer;
  };
  return {
    evaluate: (options) => ask({ kind: "evaluate", options }) as Promise<Evaluation>,
    judge: (shown) => ask({ kind: "judge", shown }) as Promise<Judgement>,
    close,
  };
}

function loader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
}
