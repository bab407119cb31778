import {
  type BulkError,
  checkBulkMutation,
  findUpload,
  identifierError,
} from "#simulator/bulk/check-mutation.ts";
import { checkBulkQuery } from "#simulator/bulk/check-query.ts";
import { isTerminal, tooMany } from "#simulator/bulk/operations.ts";
import { startBulkMutation } from "#simulator/bulk/run-mutation.ts";
import { startBulkQuery } from "#simulator/bulk/run-query.ts";
import type {
  DocumentRunner,
  RequestContext,
  ResolverMap,
} from "#simulator/graphql/resolver-map.ts";
import type { SortedPageArguments } from "#simulator/resolvers/connection.ts";
import { idOf } from "#simulator/resolvers/gids.ts";
import { type Listing, listingConnection } from "#simulator/resolvers/listing.ts";
import { gid, type SimBulkOperation, type SimShop } from "#simulator/state.ts";

const statuses = ["created", "running", "completed", "canceling", "canceled", "failed"];

function listing(shop: SimShop): Listing<SimBulkOperation> {
  return {
    name: "bulkOperations",
    items: () => shop.bulkOperations.values(),
    id: (operation) => operation.id,
    defaultSortKey: "CREATED_AT",
    sortValues: {
      ID: (operation) => Number(operation.id),
      CREATED_AT: (operation) => Date.parse(operation.createdAt),
      COMPLETED_AT: (operation) => Date.parse(operation.completedAt ?? operation.createdAt),
    },
    search: {
      text: () => [],
      fields: {
        id: { kind: "number", get: (operation) => Number(operation.id) },
        status: { kind: "enum", accepted: statuses, get: (operation) => operation.status },
        operation_type: {
          kind: "enum",
          accepted: ["query", "mutation"],
          get: (operation) => operation.type,
        },
        created_at: { kind: "date", get: (operation) => operation.createdAt },
      },
    },
  };
}

function payload(operation: SimBulkOperation | null, userErrors: BulkError[] = []) {
  return { bulkOperation: operation, userErrors };
}

function runnerOf({ runner }: RequestContext): DocumentRunner {
  if (runner === undefined) throw new Error("Bulk operations need the runner of a request");
  return runner;
}

async function runQuery(
  { query, groupObjects }: { query: string; groupObjects: boolean },
  context: RequestContext,
) {
  const checked = checkBulkQuery(query, runnerOf(context));
  if (checked.kind === "wrong") {
    return payload(
      null,
      checked.messages.map((message) => ({ field: ["query"], message, code: "INVALID" })),
    );
  }
  const busy = tooMany(context.shop, "QUERY");
  if (busy !== undefined) {
    return payload(null, [{ field: null, message: busy, code: "OPERATION_IN_PROGRESS" }]);
  }
  const { prepared, operation } = checked;
  const job = { query, prepared, operation, groupObjects };
  return payload(snapshot(await startBulkQuery(job, runnerOf(context), context)));
}

type MutationArguments = {
  mutation: string;
  stagedUploadPath: string;
  clientIdentifier?: string | null;
};

function runMutation(args: MutationArguments, context: RequestContext) {
  const runner = runnerOf(context);
  const checked = checkBulkMutation(args.mutation, runner);
  if (checked.kind === "wrong") return payload(null, [checked.error]);
  const identifier = identifierError(args.clientIdentifier);
  if (identifier !== undefined) return payload(null, [identifier]);
  const upload = findUpload(context.shop, args.stagedUploadPath);
  if ("message" in upload) return payload(null, [upload]);
  const busy = tooMany(context.shop, "MUTATION");
  if (busy !== undefined) {
    return payload(null, [{ field: null, message: busy, code: "OPERATION_IN_PROGRESS" }]);
  }
  const { prepared, operation } = checked;
  const { mutation, clientIdentifier = null } = args;
  const job = { mutation, prepared, operation, upload, clientIdentifier };
  return payload(snapshot(startBulkMutation(job, runner, context)));
}

/** A copy of the new operation: progress in the background must not show in this response. */
function snapshot(operation: SimBulkOperation): SimBulkOperation {
  return { ...operation };
}

function cancel({ id }: { id: string }, { shop }: RequestContext) {
  const operation = shop.bulkOperations.get(idOf(id, "BulkOperation"));
  if (operation === undefined) {
    return payload(null, [{ field: ["id"], message: "Bulk operation does not exist", code: null }]);
  }
  if (isTerminal(operation)) {
    const message = `A bulk operation cannot be canceled when it is ${operation.status.toLowerCase()}`;
    return payload(operation, [{ field: null, message, code: null }]);
  }
  operation.status = "CANCELING";
  return payload(operation);
}

function latest(shop: SimShop, type: SimBulkOperation["type"]): SimBulkOperation | null {
  return [...shop.bulkOperations.values()].filter((one) => one.type === type).at(-1) ?? null;
}

export const bulkOperations: ResolverMap = {
  QueryRoot: {
    bulkOperation: (_: null, { id }: { id: string }, { shop }) =>
      shop.bulkOperations.get(idOf(id, "BulkOperation")) ?? null,
    bulkOperations: (_: null, args: SortedPageArguments, context) =>
      listingConnection(listing(context.shop), args, context),
    currentBulkOperation: (_: null, { type }: { type: SimBulkOperation["type"] }, { shop }) =>
      latest(shop, type),
  },
  Mutation: {
    bulkOperationRunQuery: (_: null, args: { query: string; groupObjects: boolean }, context) =>
      runQuery(args, context),
    bulkOperationRunMutation: (_: null, args: MutationArguments, context) =>
      runMutation(args, context),
    bulkOperationCancel: (_: null, args: { id: string }, context) => cancel(args, context),
  },
  BulkOperation: {
    id: (operation: SimBulkOperation) => gid("BulkOperation", operation.id),
    objectCount: ({ objectCount }: SimBulkOperation) => String(objectCount),
    rootObjectCount: ({ rootObjectCount }: SimBulkOperation) => String(rootObjectCount),
    fileSize: ({ fileSize }: SimBulkOperation) => (fileSize === null ? null : String(fileSize)),
  },
};
