import { prisma } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import { log } from "#app/lib/log.server.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import { awaitBulkOperation } from "#app/shopify/bulk/await-operation.server.ts";
import { stageUpload } from "#app/shopify/bulk/staged-upload.server.ts";
import { startBulkMutation } from "#app/shopify/bulk/start-operation.server.ts";
import { METAFIELDS_DELETE, METAFIELDS_SET } from "#app/shopify/resources/metafields.server.ts";
import { TAGS_ADD, TAGS_REMOVE } from "#app/shopify/resources/tags.server.ts";
import type { BatchKind } from "#app/writeback/plan/writes.ts";

import { eachLine, variablesOf } from "./batch-file.server.ts";
import { applyResult, giveUp } from "./batch-result.server.ts";
import type { Batch } from "./batches.server.ts";

const documents: Record<BatchKind, string> = {
  "tags-add": TAGS_ADD,
  "tags-remove": TAGS_REMOVE,
  "metafields-set": METAFIELDS_SET,
  "metafields-delete": METAFIELDS_DELETE,
};

export type Sending = {
  admin: AdminApi;
  signal?: AbortSignal | undefined;
  /** Called with the number of lines carried out since the last call. */
  onLines: (lines: number) => Promise<void>;
};

/**
 * Takes a batch from its current step to its end: upload, start, wait, read every line of the
 * result. Each step is recorded before the next, and an operation that was started without being
 * recorded is found again.
 *
 * @throws AppError when Shopify cannot be used; calling again resumes
 */
export async function sendBatch(batch: Batch, sending: Sending): Promise<void> {
  const operationId = batch.bulkOperationId ?? (await start(batch, sending));
  if (operationId === null) return;
  let reported = 0;
  const report = async (objects: number) => {
    await sending.onLines(Math.min(objects, batch.lineCount) - reported);
    reported = Math.min(objects, batch.lineCount);
  };
  try {
    const operation = await awaitBulkOperation(sending.admin, operationId, {
      signal: sending.signal,
      onProgress: report,
    });
    await applyResult(batch, operation, sending.signal);
  } catch (error) {
    // Shopify no longer has the operation or its result, so a retry would not help.
    if (!(error instanceof AppError) || error.code !== "shopify-bulk-failed") throw error;
    log.warn({ shop: batch.shop, batch: batch.id, err: error }, "the result of a batch is gone");
    await giveUp(batch);
  }
  await report(batch.lineCount);
}

/** @returns the operation's gid; null when Shopify refused the file as a whole */
async function start(batch: Batch, { admin, signal }: Sending): Promise<string | null> {
  const stagedUploadPath = batch.stagedUploadPath ?? (await uploadBatch(batch, { admin, signal }));
  const started = await startBulkMutation(admin, {
    document: documents[batch.kind],
    stagedUploadPath,
    intentId: batch.id,
    signal,
  });
  if (started.kind === "refused") {
    const errorCode = started.errors.map(({ code }) => code ?? "refused").join(" ");
    log.warn({ shop: batch.shop, batch: batch.id, errorCode }, "a bulk file was refused");
    await update(batch, { state: "failed", errorCode, finishedAt: new Date(), lines: null });
    return null;
  }
  await update(batch, { state: "running", bulkOperationId: started.id });
  return started.id;
}

/**
 * The first step of {@link sendBatch}.
 *
 * @returns the staged upload path
 * @throws AppError when the file cannot be uploaded; calling again uploads it again
 */
export async function uploadBatch(
  batch: Batch,
  { admin, signal }: Pick<Sending, "admin" | "signal">,
): Promise<string> {
  const filename = `${batch.kind}-${batch.id}.jsonl`;
  const path = await stageUpload(admin, { filename, lines: uploadLines(batch), signal });
  await update(batch, { state: "uploaded", stagedUploadPath: path });
  return path;
}

function* uploadLines(batch: Batch): Generator<string> {
  for (const line of eachLine(batch.lines)) yield JSON.stringify(variablesOf(batch.kind, line));
}

type Change = Parameters<typeof prisma.writeBatch.updateMany>[0]["data"];

/** @throws Error when another worker has ended the batch, after this one lost its lock */
async function update({ shop, id }: Batch, data: Change): Promise<void> {
  const where = { shop, id, lines: { not: null } };
  const { count } = await prisma.writeBatch.updateMany({ where, data });
  if (count === 0) throw new Error(`Batch ${id} of ${shop} was ended by somebody else`);
}
