import { prisma } from "#app/lib/db.server.ts";
import { log } from "#app/lib/log.server.ts";
import type { LineOutcome } from "#app/shopify/api/user-errors.ts";
import { readBulkResult } from "#app/shopify/bulk/await-operation.server.ts";
import type { BulkOperation } from "#app/shopify/bulk/start-operation.server.ts";
import { failureCode } from "#app/writeback/plan/failure-codes.ts";
import type { Line, Write } from "#app/writeback/plan/writes.ts";
import {
  FAILED_IN_BULK,
  type Failure,
  recordFailures,
} from "#app/writeback/state/failures.server.ts";
import { recordSent, recordWritten } from "#app/writeback/state/written-state.server.ts";

import { unpackLines } from "./batch-file.server.ts";
import type { Batch } from "./batches.server.ts";

/** Outcomes recorded in one transaction. */
const PAGE = 5_000;

/**
 * Reads the outcome of every line of a batch and records it. Failed customers are retried one by
 * one. A line without an outcome may or may not have been carried out, and is recorded as doubtful.
 * Idempotent.
 */
export async function applyResult(
  batch: Batch,
  operation: BulkOperation,
  signal?: AbortSignal,
): Promise<void> {
  const lines = unpackLines(batch.lines);
  const seen = new Uint8Array(lines.length);
  let failedCount = 0;
  const wasSent = (line: number) => {
    const sent = line >= 0 && line < lines.length;
    if (!sent) log.warn({ batch: batch.id, line }, "the result names a line that was not sent");
    return sent;
  };
  for await (const outcomes of readBulkResult(operation, signal)) {
    for (let from = 0; from < outcomes.length; from += PAGE) {
      const page = outcomes.slice(from, from + PAGE).filter(({ line }) => wasSent(line));
      const { written, failures } = sort(page, lines, batch.kind);
      for (const { line } of page) seen[line] = 1;
      failedCount += failures.length;
      await recordWritten(batch.shop, written, signal);
      if (failures.length > 0) await recordFailures(batch.shop, failures, FAILED_IN_BULK);
    }
  }
  const lost = lines.filter((_, index) => seen[index] === 0).flat();
  signal?.throwIfAborted();
  if (lost.length > 0) await recordSent(batch.shop, lost, signal);
  await prisma.writeBatch.update({
    where: { shop_id: { shop: batch.shop, id: batch.id } },
    data: {
      state: lost.length > 0 ? "lost" : "finished",
      failedCount,
      errorCode: operation.errorCode ?? null,
      lines: null,
      finishedAt: new Date(),
    },
  });
}

/** Ends a batch whose result can no longer be read; its writes are recorded as doubtful. */
export async function giveUp({ shop, id, lines }: Batch): Promise<void> {
  await recordSent(shop, unpackLines(lines).flat());
  await prisma.writeBatch.update({
    where: { shop_id: { shop, id } },
    data: { state: "lost", lines: null, finishedAt: new Date() },
  });
}

function sort(outcomes: LineOutcome[], lines: Line[], kind: Batch["kind"]) {
  const written: Write[] = [];
  const failures: Failure[] = [];
  for (const { line, outcome } of outcomes) {
    const writes = lines[line] ?? [];
    if (outcome.kind === "done") {
      written.push(...writes);
      continue;
    }
    const code = failureCode(outcome.errors);
    // A call with several customers fails for all of them; each is retried alone.
    const alone = writes.length === 1 ? code : "write-refused";
    const metafields = kind === "metafields-delete";
    for (const { customerId } of writes) failures.push({ customerId, code: alone, metafields });
  }
  return { written, failures };
}
