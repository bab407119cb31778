import { makeDataDirectory, resultPath, resultUrl } from "#simulator/bulk/files.ts";
import { pace, ResultFile } from "#simulator/bulk/result-file.ts";
import { gid, type SimBulkOperation, type SimShop, type Store } from "#simulator/state.ts";
import { localTime } from "#simulator/webhooks/local-time.ts";

type Place = { store: Store; shop: SimShop };

/** Queries and mutations are counted separately. */
const mostAtOnce = 5;

const terminal = new Set(["COMPLETED", "CANCELED", "FAILED", "EXPIRED"]);

export function isTerminal({ status }: SimBulkOperation): boolean {
  return terminal.has(status);
}

/** The error for a sixth operation of a kind; undefined while another is allowed. */
export function tooMany(shop: SimShop, type: SimBulkOperation["type"]): string | undefined {
  const running = [...shop.bulkOperations.values()].filter(
    (one) => one.type === type && !isTerminal(one),
  );
  if (running.length < mostAtOnce) return undefined;
  const ids = running.map(({ id }) => gid("BulkOperation", id)).join(", ");
  return `A bulk ${type.toLowerCase()} operation for this app and shop is already in progress: ${ids}.`;
}

type NewOperation = Pick<SimBulkOperation, "type" | "query" | "clientIdentifier">;

/** How a job reports progress; to be called between pieces of work. */
export type Progress = {
  /** Appends complete lines to the result, and waits as the configured rate requires. */
  write(lines: readonly string[], counts: { objects: number; roots: number }): Promise<void>;
  /** Throws if the operation was cancelled, or is to fail at this fraction of the work. */
  checkpoint(shareDone: number): void;
};

/** Thrown by a job, or by a checkpoint, to end the operation as failed. */
export class BulkFailure extends Error {
  readonly code: NonNullable<SimBulkOperation["errorCode"]>;

  constructor(code: NonNullable<SimBulkOperation["errorCode"]>, message: string) {
    super(message);
    this.code = code;
  }
}

class Canceled extends Error {}

class OutOfTime extends Error {}

/**
 * Makes the operation CREATED and runs `job` in the background: RUNNING after the latency, then
 * COMPLETED, FAILED or CANCELED, and the webhook.
 */
export function startOperation(
  place: Place,
  input: NewOperation,
  job: (progress: Progress) => Promise<void>,
): SimBulkOperation {
  const { store, shop } = place;
  const operation: SimBulkOperation = {
    ...input,
    id: store.nextId(),
    status: "CREATED",
    errorCode: null,
    createdAt: store.clock.isoNow(),
    completedAt: null,
    objectCount: 0,
    rootObjectCount: 0,
    fileSize: null,
    url: null,
    partialDataUrl: null,
  };
  shop.bulkOperations.set(operation.id, operation);
  void run(place, operation, job);
  return operation;
}

async function run(
  place: Place,
  operation: SimBulkOperation,
  job: (progress: Progress) => Promise<void>,
): Promise<void> {
  const { store, shop } = place;
  await makeDataDirectory(store, shop);
  const file = new ResultFile(resultPath(store, shop, operation));
  try {
    await store.clock.sleep(store.settings.bulkLatencyMs);
    if (operation.status === "CANCELING") throw new Canceled();
    operation.status = "RUNNING";
    await job(progressOf(store, operation, file));
    operation.status = "COMPLETED";
    operation.fileSize = file.bytes;
    operation.url = file.bytes === 0 ? null : resultUrl(store, shop, operation);
  } catch (error) {
    endBadly(place, operation, error);
  }
  await file.close();
  if (operation.status !== "CANCELED") operation.completedAt = store.clock.isoNow();
  announce(place, operation);
}

function progressOf(store: Store, operation: SimBulkOperation, file: ResultFile): Progress {
  const { clock, settings } = store;
  let isHalfDone = false;
  const perSecond =
    operation.type === "QUERY"
      ? settings.bulkQueryObjectsPerSecond
      : settings.bulkMutationLinesPerSecond;
  const pacing = { perSecond, startedMs: clock.monotonicMs() };
  return {
    async write(lines, { objects, roots }) {
      await file.append(lines);
      operation.objectCount += objects;
      operation.rootObjectCount += roots;
      await pace(operation.objectCount, pacing, clock);
    },
    checkpoint(shareDone) {
      if (operation.status === "CANCELING") throw new Canceled();
      if (isHalfDone || shareDone < 0.5) return;
      isHalfDone = true;
      failIfAsked(store);
    },
  };
}

function failIfAsked({ faults }: Store): void {
  if (faults.takes("failBulk")) {
    throw new BulkFailure(faults.kinds.failBulk.errorCode, "A fault was asked for");
  }
  if (faults.takes("cancelBulk")) throw new Canceled();
  if (faults.takes("expireBulk")) throw new OutOfTime();
}

function endBadly({ store, shop }: Place, operation: SimBulkOperation, error: unknown): void {
  if (error instanceof Canceled) {
    operation.status = "CANCELED";
    return;
  }
  if (error instanceof OutOfTime) {
    operation.status = "EXPIRED";
    return;
  }
  operation.status = "FAILED";
  operation.errorCode = error instanceof BulkFailure ? error.code : "INTERNAL_SERVER_ERROR";
  if (operation.objectCount > 0) operation.partialDataUrl = resultUrl(store, shop, operation);
  if (error instanceof BulkFailure) return;
  // A bug of the simulator must be visible to whoever runs it.
  process.stderr.write(`Bulk operation ${operation.id}: ${String(error)}\n`);
}

/** The webhook's values are in lower case, and it has neither counts nor the URL. */
function announce({ store, shop }: Place, operation: SimBulkOperation): void {
  store.publish({
    shop,
    topic: "bulk_operations/finish",
    body: () => ({
      admin_graphql_api_id: gid("BulkOperation", operation.id),
      completed_at: operation.completedAt && localTime(operation.completedAt, shop.timeZone),
      created_at: localTime(operation.createdAt, shop.timeZone),
      error_code: operation.errorCode?.toLowerCase() ?? null,
      status: operation.status.toLowerCase(),
      type: operation.type.toLowerCase(),
    }),
  });
}
