import { setTimeout as sleep } from "node:timers/promises";

import { AppError } from "#app/lib/errors.ts";
import { log } from "#app/lib/log.server.ts";
import type { AdminApi, Data } from "#app/shopify/api/client.server.ts";
import { type UserError, userErrors } from "#app/shopify/api/user-errors.ts";

export const BULK_OPERATION = `#graphql
  query EncoreBulkOperation($id: ID!) {
    bulkOperation(id: $id) {
      id
      status
      errorCode
      createdAt
      objectCount
      url
      partialDataUrl
    }
  }
`;

const RECENT_OPERATIONS = `#graphql
  query EncoreRecentBulkOperations($query: String!) {
    bulkOperations(first: 20, query: $query, sortKey: CREATED_AT, reverse: true) {
      nodes {
        id
        query
        status
      }
    }
  }
`;

const RUN_QUERY = `#graphql
  mutation EncoreBulkQuery($query: String!) {
    bulkOperationRunQuery(query: $query, groupObjects: false) {
      bulkOperation {
        id
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`;

const RUN_MUTATION = `#graphql
  mutation EncoreBulkMutation($mutation: String!, $path: String!) {
    bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) {
      bulkOperation {
        id
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`;

const BUSY = new Set<string | null>(["OPERATION_IN_PROGRESS", "LIMIT_REACHED"]);
/** Between one and two minutes in all, after which the job is retried later. */
const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 64_000;

/** `id` is a gid; `objectCount` is a number as text; `url` is null without results. */
export type BulkOperation = Omit<
  NonNullable<Data<typeof BULK_OPERATION>["bulkOperation"]>,
  "createdAt"
>;

export type BulkStart =
  | { kind: "started"; id: string }
  /** It was started by an earlier attempt whose reply was lost. */
  | { kind: "adopted"; id: string }
  | { kind: "refused"; errors: UserError[] };

export type Intent = {
  /** Recorded before the call, so that the operation can be found again after a crash. */
  intentId: string;
  signal?: AbortSignal | undefined;
};

export type BulkQuery = Intent & { document: string };

/**
 * Starts a bulk query, or finds the one started for the same intent.
 *
 * @throws AppError shopify-throttled when five other operations of the shop keep running
 */
export async function startBulkQuery(
  admin: AdminApi,
  { document, intentId, signal }: BulkQuery,
): Promise<BulkStart> {
  const adopted = await findStarted(admin, "query", { intentId, signal });
  if (adopted !== null) return { kind: "adopted", id: adopted };
  const query = markIntent(document, intentId);
  const ask = async () => {
    const data = await admin.query(RUN_QUERY, { query }, { once: true, signal });
    return data.bulkOperationRunQuery;
  };
  return startWhenFree(admin, ask, signal);
}

export type BulkMutation = Intent & {
  /** The mutation to run with each line of variables. */
  document: string;
  /** The result of {@link stageUpload}. */
  stagedUploadPath: string;
};

/**
 * Runs a mutation for each line of an uploaded file, or finds the run started for the same intent.
 *
 * @throws AppError shopify-throttled when five other operations of the shop keep running
 */
export async function startBulkMutation(
  admin: AdminApi,
  { document, stagedUploadPath, intentId, signal }: BulkMutation,
): Promise<BulkStart> {
  const adopted = await findStarted(admin, "mutation", { intentId, signal });
  if (adopted !== null) return { kind: "adopted", id: adopted };
  const variables = { mutation: markIntent(document, intentId), path: stagedUploadPath };
  const ask = async () => {
    const data = await admin.query(RUN_MUTATION, variables, { once: true, signal });
    return data.bulkOperationRunMutation;
  };
  return startWhenFree(admin, ask, signal);
}

/**
 * A query in one of these states is started again; a mutation is adopted, since its result must be
 * read.
 */
const failedStates = new Set(["FAILED", "CANCELING", "CANCELED", "EXPIRED"]);

async function findStarted(
  admin: AdminApi,
  type: "query" | "mutation",
  { intentId, signal }: Intent,
): Promise<string | null> {
  const variables = { query: `operation_type:${type}` };
  const data = await admin.query(RECENT_OPERATIONS, variables, { signal });
  const found = data.bulkOperations.nodes.find(
    ({ query, status }) =>
      isSameIntent(query, intentId) && (type === "mutation" || !failedStates.has(status)),
  );
  return found?.id ?? null;
}

type StartPayload =
  | Data<typeof RUN_QUERY>["bulkOperationRunQuery"]
  | Data<typeof RUN_MUTATION>["bulkOperationRunMutation"];

/**
 * Shopify limits the bulk operations of a shop, whichever process started them, so this tries until
 * there is room.
 */
async function startWhenFree(
  admin: AdminApi,
  ask: () => Promise<StartPayload>,
  signal: AbortSignal | undefined,
): Promise<BulkStart> {
  for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
    const payload = await ask();
    const id = payload?.bulkOperation?.id;
    if (id !== undefined) return { kind: "started", id };
    const errors = userErrors(payload?.userErrors ?? []);
    const busy = errors.find(({ code }) => BUSY.has(code));
    if (busy === undefined) return { kind: "refused", errors };
    if (wait > LAST_WAIT_MS) {
      throw new AppError("shopify-throttled", `${admin.shop}: ${busy.message}`, {
        retryable: true,
      });
    }
    log.info({ shop: admin.shop, wait }, "limit of running bulk operations reached");
    await sleep(wait * (0.5 + Math.random() / 2), undefined, { signal });
  }
}

/**
 * Puts the intent's id into the operation's name. Shopify takes no idempotency key for a bulk
 * operation, but keeps its text: after a crash before the id of the operation was stored, it is
 * found by this name instead of being started twice.
 */
export function markIntent(document: string, intentId: string): string {
  return document.replace(/\b(query|mutation)\s+\w+/, `$1 ${intentName(intentId)}`);
}

export function isSameIntent(document: string, intentId: string): boolean {
  return new RegExp(`\\b(query|mutation)\\s+${intentName(intentId)}\\b`).test(document);
}

function intentName(intentId: string): string {
  return `Encore_${intentId.replaceAll(/\W/g, "_")}`;
}
