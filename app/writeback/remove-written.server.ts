import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import {
  deleteDefinition,
  type ExistingDefinition,
  readDefinitions,
} from "#app/shopify/resources/metafield-definitions.server.ts";

import { FINAL } from "./plan/failure-codes.ts";
import { type MetafieldKey, metafieldNamespace, metafieldTypes } from "./plan/metafields.ts";
import { recordExistingState } from "./read-existing.server.ts";
import { carryOut, type Work } from "./send/carry-out.server.ts";
import { resumeBatches } from "./send/resume-batches.server.ts";
import type { Sending } from "./send/send-batch.server.ts";
import { FAILED_FOR_NOW, forgetFailures, readFailures } from "./state/failures.server.ts";
import { removalPages } from "./state/planned-writes.server.ts";

/**
 * Finds all customers with something of ours: those in the written state, and those with one of our
 * tags in Shopify. Interrupted batches are finished first. From erased customers it is removed at
 * once, since they are not stored.
 *
 * @param search.intentId one per clean-up: calling again finds the search that was started
 * @returns how many customers, and for how many erased ones Shopify refused
 * @throws AppError when Shopify cannot be used; calling again resumes
 */
export async function findWritten(
  sending: Sending,
  { intentId }: { intentId: string },
): Promise<{ customers: number; left: LeftCustomers[] }> {
  const { admin, signal } = sending;
  const { shop } = admin;
  await resumeBatches(shop, sending);
  const erased = await recordExistingState(admin, { intentId, signal });
  await forgetFailures(shop);
  let { customers } = erased;
  const everyone = removalPages(shop, "everyone", { atLeast: 0, atMost: FAILED_FOR_NOW });
  for await (const page of everyone) customers += page.length;
  return { customers, left: erased.left };
}

/** @throws AppError when Shopify cannot be used */
export async function countDefinitions(admin: AdminApi): Promise<number> {
  return (await readDefinitions(admin, metafieldNamespace)).filter(isOurs).length;
}

export type LeftDefinition = { key: string; message: string };

/**
 * Deletes the definitions of our metafields, and with them the values on all customers. A
 * definition with another type is the merchant's, and is left with its values.
 *
 * @returns those that Shopify refused to delete, with its messages
 * @throws AppError when Shopify cannot be used; calling again resumes
 */
export async function removeDefinitions({ admin, signal }: Sending): Promise<LeftDefinition[]> {
  const found = await readDefinitions(admin, metafieldNamespace);
  const foreign = found.filter(({ key, type }) => ourKey(key) && !isOurs({ key, type }));
  await pool.query("update shops set blocked_metafields = $2 where shop = $1", [
    admin.shop,
    foreign.map(({ key }) => key),
  ]);
  const left: LeftDefinition[] = [];
  for (const definition of found) {
    const key = ourKey(definition.key);
    if (!key || !isOurs(definition)) continue;
    signal?.throwIfAborted();
    const outcome = await deleteDefinition(admin, definition.id);
    if (outcome.kind === "refused") {
      left.push({ key, message: outcome.errors.map(({ message }) => message).join(" ") });
      continue;
    }
    await pool.query(`update written_states set ${key} = null where shop = $1`, [admin.shop]);
  }
  return left;
}

function ourKey(key: string): MetafieldKey | null {
  return Object.hasOwn(metafieldTypes, key) ? (key as MetafieldKey) : null;
}

function isOurs({ key, type }: Pick<ExistingDefinition, "key" | "type">): boolean {
  const known = ourKey(key);
  return known !== null && metafieldTypes[known] === type;
}

export type LeftCustomers = { code: string; customers: number };

/**
 * Removes our tags and metafields from customers, and the written state of those who have none
 * left.
 *
 * @returns the customers for whom Shopify refused, by reason
 * @throws AppError when Shopify cannot be used; calling again resumes
 */
export async function removeFromCustomers(shop: ShopDomain, work: Work): Promise<LeftCustomers[]> {
  await carryOut(shop, (attempts) => removalPages(shop, "everyone", attempts), work);
  const left = (await readFailures(shop)).filter(({ code }) => code !== FINAL);
  await pool.query(
    "delete from written_states where shop = $1 and (failure_code is null or failure_code = $2)",
    [shop, FINAL],
  );
  return left;
}
