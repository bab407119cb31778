import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

import type { OperationDefinitionNode } from "graphql";

import type { UploadedFile } from "#simulator/bulk/check-mutation.ts";
import { type Progress, startOperation } from "#simulator/bulk/operations.ts";
import { jsonLine } from "#simulator/bulk/result-file.ts";
import { inputSizeErrors } from "#simulator/graphql/input-size.ts";
import type { DocumentRunner, Prepared, RequestContext } from "#simulator/graphql/resolver-map.ts";
import { variableErrors } from "#simulator/graphql/variables.ts";
import type { SimBulkOperation } from "#simulator/state.ts";

/** Maximum number of lines that are executed before the result is written and the rate is checked, */
const batchSize = 50;
/** and minimum number of pieces, so that even a short file can be interrupted half-way. */
const fewestPieces = 8;

type BulkMutation = {
  mutation: string;
  prepared: Prepared;
  operation: OperationDefinitionNode;
  upload: UploadedFile;
  clientIdentifier: string | null;
};

export function startBulkMutation(
  job: BulkMutation,
  runner: DocumentRunner,
  context: RequestContext,
): SimBulkOperation {
  return startOperation(
    context,
    { type: "MUTATION", query: job.mutation, clientIdentifier: job.clientIdentifier },
    (progress) => runBulkMutation(job, { runner, context, progress }),
  );
}

type Run = { runner: DocumentRunner; context: RequestContext; progress: Progress };

/** Executes every line separately; a failed line does not stop the others. */
async function runBulkMutation(job: BulkMutation, run: Run): Promise<void> {
  const input = createInterface({ input: createReadStream(job.upload.path), crlfDelay: Infinity });
  let batch: string[] = [];
  let lineNumber = 0;
  let bytes = 0;
  let written = 0;
  const flush = async () => {
    await run.progress.write(batch, { objects: batch.length, roots: batch.length });
    batch = [];
    written = bytes;
    run.progress.checkpoint(bytes / job.upload.bytes);
  };
  for await (const line of input) {
    bytes += Buffer.byteLength(line) + 1;
    if (line.trim() === "") continue;
    batch.push(jsonLine({ ...(await runLine(job, run, line)), __lineNumber: lineNumber }));
    lineNumber += 1;
    const isPiece = bytes - written >= job.upload.bytes / fewestPieces;
    if (isPiece || batch.length >= batchSize) await flush();
  }
  await flush();
}

async function runLine(job: BulkMutation, { runner, context }: Run, line: string) {
  const variables = readVariables(line);
  if (variables === undefined) return { errors: [{ message: "Invalid JSON in the input line." }] };
  const misfits = variableErrors(job.operation, variables);
  const wrong = misfits.length > 0 ? misfits : inputSizeErrors(job, variables);
  if (wrong.length > 0) return { errors: wrong.map((error) => error.toJSON()) };
  const result = await runner.run(job.prepared, job.operation, {
    context: { ...context, searchNotes: [] },
    variables,
  });
  const errors = result.errors?.map((error) => error.toJSON());
  return errors === undefined ? { data: result.data } : { data: result.data, errors };
}

function readVariables(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}
