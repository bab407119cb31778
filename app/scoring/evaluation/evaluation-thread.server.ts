// The thread of `evaluation.server.ts`: holds the purchases of one shop and answers one request at a
// time.
import { parentPort, workerData } from "node:worker_threads";

import { judgeScores, type Purchases } from "#engine";

import { evaluate, type Evaluation } from "./evaluate.ts";
import type { EvaluatorRequest } from "./evaluation.server.ts";

const port = parentPort;
if (port === null) throw new Error("This file is run as a thread by evaluation.server.ts");
const purchases = workerData as Purchases;

port.on("message", (request: EvaluatorRequest) => {
  if (request.kind === "judge") {
    const { scores, ...when } = request.shown;
    port.postMessage(judgeScores(purchases, scores, when));
    return;
  }
  const evaluation = evaluate(purchases, request.options);
  port.postMessage(evaluation, buffersOf(evaluation));
});

/** The buffers to transfer instead of copying. */
function buffersOf({ result }: Evaluation): ArrayBuffer[] {
  if (!result) return [];
  const { summary, scores, intervals } = result;
  const { traces = {} } = summary;
  const arrays = [summary, traces, scores, intervals].flatMap((each) => Object.values(each));
  const buffers = arrays.flatMap((value) => (ArrayBuffer.isView(value) ? [value.buffer] : []));
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}
