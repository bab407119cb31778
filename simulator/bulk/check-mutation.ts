import type { OperationDefinitionNode } from "graphql";

import { sizeProblem } from "#simulator/bulk/document-size.ts";
import { connectionsIn, nameOf, selectedFields } from "#simulator/bulk/selection.ts";
import { chooseOperation, isPrepared } from "#simulator/graphql/execute.ts";
import type { DocumentRunner, Prepared } from "#simulator/graphql/resolver-map.ts";
import type { SimShop, SimStagedUpload } from "#simulator/state.ts";

export type BulkError = { field: string[] | null; message: string; code: string | null };

type CheckedMutation =
  | { kind: "good"; prepared: Prepared; operation: OperationDefinitionNode }
  | { kind: "wrong"; error: BulkError };

const largestFileBytes = 100 * 1024 * 1024;
const identifierLengths = { min: 10, max: 255 };

export function checkBulkMutation(mutation: string, runner: DocumentRunner): CheckedMutation {
  const wrong = (
    field: string[] | null,
    message: string,
    code: string | null,
  ): CheckedMutation => ({
    kind: "wrong",
    error: { field, message, code },
  });
  const tooLarge = sizeProblem(mutation);
  if (tooLarge !== undefined) return wrong(["mutation"], tooLarge, "INVALID_MUTATION");
  const prepared = runner.prepare(mutation);
  if (!isPrepared(prepared)) {
    const text = prepared[0]?.message ?? "";
    return wrong(null, `Failed to parse the mutation - ${text}`, "INVALID_MUTATION");
  }
  const operation = chooseOperation(prepared, undefined);
  if (operation?.operation !== "mutation") {
    const message = "Invalid operation type. Only `mutation` operations are supported.";
    return wrong(null, message, "INVALID_MUTATION");
  }
  const fields = selectedFields(prepared, operation);
  const [only] = fields;
  if (only === undefined || fields.length > 1) {
    return wrong(["mutation"], "You must specify a single top level mutation.", null);
  }
  if (nameOf(only).startsWith("bulkOperation")) {
    return wrong(["mutation"], "You must use an allowed mutation name.", null);
  }
  if (connectionsIn(fields).length > 1) {
    return wrong(["mutation"], "Bulk mutations cannot contain more than 1 connection.", null);
  }
  return { kind: "good", prepared, operation };
}

export function identifierError(identifier: string | null | undefined): BulkError | undefined {
  if (identifier === null || identifier === undefined) return undefined;
  const { min, max } = identifierLengths;
  const bad = (message: string) => ({
    field: ["clientIdentifier"],
    message,
    code: "INVALID_MUTATION",
  });
  if (identifier.length < min) return bad(`is too short (minimum is ${min} characters)`);
  if (identifier.length > max) return bad(`is too long (maximum is ${max} characters)`);
  return undefined;
}

export type UploadedFile = SimStagedUpload & { path: string };

/** The file behind a `stagedUploadPath`, or what is wrong with it. */
export function findUpload(shop: SimShop, path: string): UploadedFile | BulkError {
  const upload = shop.stagedUploads.get(path);
  if (upload?.path === null || upload?.path === undefined) {
    const message =
      "The JSONL file could not be found. Try uploading the file again, and check that you've " +
      "entered the URL correctly for the stagedUploadPath mutation argument.";
    return { field: null, message, code: "NO_SUCH_FILE" };
  }
  const bad = (message: string) => ({ field: null, message, code: "INVALID_STAGED_UPLOAD_FILE" });
  if (upload.bytes > largestFileBytes) {
    return bad("The input file size exceeds the maximum allowed size of 100 MB.");
  }
  return upload.bytes === 0 ? bad("The input file is empty.") : { ...upload, path: upload.path };
}
