import { type ShopDomain, toGid } from "#app/lib/ids.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import type { UserError, WriteOutcome } from "#app/shopify/api/user-errors.ts";
import { deleteMetafields, setMetafields } from "#app/shopify/resources/metafields.server.ts";
import { addTags, removeTags } from "#app/shopify/resources/tags.server.ts";
import { failureCode, FINAL } from "#app/writeback/plan/failure-codes.ts";
import type { CustomerPlan } from "#app/writeback/plan/plan-writes.ts";
import { type Write, writesOf } from "#app/writeback/plan/writes.ts";
import {
  clearFailure,
  FAILED_FOR_NOW,
  recordFailures,
} from "#app/writeback/state/failures.server.ts";
import type { Planned } from "#app/writeback/state/planned-writes.server.ts";
import { recordSent, recordWritten } from "#app/writeback/state/written-state.server.ts";

import { atOnce } from "./at-once.ts";
import { metafieldsToDelete, metafieldsToSet } from "./batch-file.server.ts";

/** Customers written at the same time; the cost bucket limits the real rate. */
const AT_ONCE = 4;

/**
 * `signal` aborts when another worker may write to the same customers: no call is started or
 * retried then.
 */
type Writer = { admin: AdminApi; signal: AbortSignal };

type Step = { write: Write; send: () => Promise<WriteOutcome> };

/**
 * Writes customers one by one. Each call is recorded before it is sent and after it succeeded;
 * refusals are recorded as the customer's failure.
 *
 * @throws AppError when Shopify cannot be used; what was sent until then is recorded
 */
export async function writeDirectly(
  admin: AdminApi,
  planned: readonly Planned[],
  { signal, onCustomer }: { signal?: AbortSignal | undefined; onCustomer: () => Promise<void> },
): Promise<void> {
  await atOnce(planned, {
    workers: AT_ONCE,
    signal,
    work: async (one, either) => {
      await writeCustomer({ admin, signal: either }, one);
      await onCustomer();
    },
  });
}

async function writeCustomer(writer: Writer, { customerId, plan }: Planned): Promise<void> {
  const { shop } = writer.admin;
  const { add, remove, set, unset } = plan;
  await recordSent(shop, [{ customerId, add, remove, set, unset }], writer.signal);
  const tags = await runInOrder(writer, tagSteps(writer, customerId, plan));
  const gone = tags !== null && failureCode(tags) === FINAL;
  const metafields = gone
    ? null
    : await runInOrder(writer, metafieldSteps(writer, customerId, plan));
  const errors = tags ?? metafields;
  if (errors) await recordFailure(shop, customerId, errors);
  else await clearFailure(shop, customerId);
}

/** Stops at the first refusal: an old tag is not removed when the new one could not be added. */
async function runInOrder(
  { admin, signal }: Writer,
  steps: readonly Step[],
): Promise<UserError[] | null> {
  for (const { write, send } of steps) {
    const outcome = await send();
    if (outcome.kind === "refused") return outcome.errors;
    await recordWritten(admin.shop, [write], signal);
  }
  return null;
}

function tagSteps({ admin, signal }: Writer, customerId: string, plan: CustomerPlan): Step[] {
  const id = toGid("Customer", customerId);
  const { add, remove } = plan;
  const adding: Step = {
    write: { customerId, add },
    send: () => addTags(admin, { id, tags: add }, { signal }),
  };
  const removing: Step = {
    write: { customerId, remove },
    send: () => removeTags(admin, { id, tags: remove }, { signal }),
  };
  return [...(add.length > 0 ? [adding] : []), ...(remove.length > 0 ? [removing] : [])];
}

function metafieldSteps({ admin, signal }: Writer, customerId: string, plan: CustomerPlan): Step[] {
  const writes = writesOf(customerId, plan);
  const unset = writes["metafields-delete"];
  const set = writes["metafields-set"];
  const toDelete = metafieldsToDelete(customerId, plan.unset);
  const toSet = metafieldsToSet(customerId, plan.set);
  return [
    ...(unset ? [{ write: unset, send: () => deleteMetafields(admin, toDelete, { signal }) }] : []),
    ...(set ? [{ write: set, send: () => setMetafields(admin, toSet, { signal }) }] : []),
  ];
}

async function recordFailure(
  shop: ShopDomain,
  customerId: string,
  errors: UserError[],
): Promise<void> {
  const failure = { customerId, code: failureCode(errors), metafields: true };
  await recordFailures(shop, [failure], FAILED_FOR_NOW);
}
