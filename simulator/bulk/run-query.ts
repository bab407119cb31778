import type { ExecutionResult, OperationDefinitionNode } from "graphql";

import { connectionNodes, connectionsInside, nodeLines } from "#simulator/bulk/flatten.ts";
import { BulkFailure, type Progress, startOperation } from "#simulator/bulk/operations.ts";
import type {
  BulkWindow,
  DocumentRunner,
  Prepared,
  RequestContext,
} from "#simulator/graphql/resolver-map.ts";
import type { SimBulkOperation } from "#simulator/state.ts";

/** Root objects executed at a time, so that other requests do not have to wait. */
const windowSize = 250;

type BulkQuery = {
  query: string;
  prepared: Prepared;
  operation: OperationDefinitionNode;
  /** Children follow their own parent; otherwise they come anywhere after it. */
  groupObjects: boolean;
};

/**
 * Tries the query on one object, so that an unimplemented field is reported at once and not by a failed
 * operation, and starts it. Throws the error of that trial.
 */
export async function startBulkQuery(
  job: BulkQuery,
  runner: DocumentRunner,
  context: RequestContext,
): Promise<SimBulkOperation> {
  const trial = await runWindow(job, runner, {
    ...context,
    bulk: { offset: 0, limit: 1, lists: new Map() },
  });
  const missing = trial.errors?.find(
    ({ extensions }) => extensions.code === "SIMULATOR_NOT_IMPLEMENTED",
  );
  if (missing !== undefined) throw missing;
  return startOperation(
    context,
    { type: "QUERY", query: job.query, clientIdentifier: null },
    (progress) => runBulkQuery(job, { runner, context, progress }),
  );
}

function runWindow(job: BulkQuery, runner: DocumentRunner, context: RequestContext) {
  return runner.run(job.prepared, job.operation, { context, variables: {} });
}

async function runBulkQuery(
  job: BulkQuery,
  {
    runner,
    context,
    progress,
  }: { runner: DocumentRunner; context: RequestContext; progress: Progress },
): Promise<void> {
  const window: BulkWindow = { offset: 0, limit: windowSize, lists: new Map() };
  for (;;) {
    const result = await runWindow(job, runner, { ...context, bulk: window, searchNotes: [] });
    const failure = failureOf(result);
    if (failure !== undefined) throw failure;
    const nodes = rootNodes(result.data ?? {}, window.offset === 0);
    if (nodes.length === 0) return;
    await progress.write(...linesOf(nodes, job.groupObjects));
    window.offset += window.limit;
    progress.checkpoint(window.offset / Math.max(1, longest(window)));
    if (window.offset >= longest(window)) return;
  }
}

function longest(window: BulkWindow): number {
  return Math.max(0, ...[...window.lists.values()].map((list) => list.length));
}

/** Root connections return one window at a time; nested connections are complete the first time. */
function rootNodes(data: Record<string, unknown>, isFirst: boolean) {
  return Object.values(data).flatMap((value) => {
    const nodes = connectionNodes(value);
    return nodes ?? (isFirst ? connectionsInside(value) : []);
  });
}

function linesOf(
  nodes: readonly Record<string, unknown>[],
  grouped: boolean,
): [lines: string[], counts: { objects: number; roots: number }] {
  const written = nodes.map((node) => nodeLines(node));
  const lines = grouped
    ? written.flatMap(({ own, children }) => [own, ...children])
    : [...written.map(({ own }) => own), ...written.flatMap(({ children }) => children)];
  return [lines, { objects: lines.length, roots: nodes.length }];
}

function failureOf({ errors }: ExecutionResult): BulkFailure | undefined {
  const [first] = errors ?? [];
  if (first === undefined) return undefined;
  const denied = first.extensions.code === "ACCESS_DENIED";
  return new BulkFailure(denied ? "ACCESS_DENIED" : "INTERNAL_SERVER_ERROR", first.message);
}
