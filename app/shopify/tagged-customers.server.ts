import { z } from "zod";

import { AppError } from "#app/errors.ts";
import { fromGid } from "#app/ids.ts";

import { awaitBulkOperation, readJsonLines } from "./bulk.server.ts";
import { startBulkQuery } from "./bulk-start.server.ts";
import type { AdminApi } from "./client.server.ts";

/** The search and the namespace are put in before it is sent: bulk queries take no variables. */
const TAGGED_CUSTOMERS = `#graphql
  query EncoreTaggedCustomers {
    customers(query: "tag:SEARCH") {
      edges {
        node {
          id
          tags
          metafields(namespace: "NAMESPACE") {
            edges {
              node {
                id
                key
                value
              }
            }
          }
        }
      }
    }
  }
`;

/** One line of the result: a customer's tags, or one metafield of a customer. */
export type TaggedCustomer =
  { customerId: string; tags: string[] } | { customerId: string; key: string; value: string };

const line = z.union([
  z.object({ __parentId: z.string(), key: z.string(), value: z.string() }),
  z.object({ id: z.string(), tags: z.array(z.string()) }),
]);

export type TaggedSearch = {
  /** Customers with any of these tags. */
  tags: readonly string[];
  namespace: string;
  /** Recorded before the call, or known without being recorded. */
  intentId: string;
  signal?: AbortSignal | undefined;
};

/**
 * Reads which customers carry one of the tags, with all their tags and the
 * metafields of one namespace, in batches; a customer's tags and metafields come
 * as lines of their own, in no order that can be relied on.
 *
 * @throws AppError when Shopify cannot be asked or gives no result
 */
export async function* readTaggedCustomers(
  admin: AdminApi,
  { tags, namespace, intentId, signal }: TaggedSearch,
): AsyncGenerator<TaggedCustomer[]> {
  const search = tags.map((tag) => `tag:'${tag}'`).join(" OR ");
  const document = TAGGED_CUSTOMERS.replace('"tag:SEARCH"', JSON.stringify(search)).replace(
    '"NAMESPACE"',
    JSON.stringify(namespace),
  );
  const started = await startBulkQuery(admin, document, intentId);
  if (started.kind === "refused") {
    const found = started.errors.map(({ message }) => message).join(" ");
    throw new AppError("shopify-rejected", `${admin.shop}: ${found}`, { retryable: false });
  }
  const operation = await awaitBulkOperation(admin, started.id, { signal });
  for await (const lines of readJsonLines(operation, signal)) yield lines.map(taggedCustomer);
}

function taggedCustomer(text: string): TaggedCustomer {
  const read = line.parse(JSON.parse(text));
  if ("tags" in read) return { customerId: fromGid("Customer", read.id), tags: read.tags };
  const { __parentId, key, value } = read;
  return { customerId: fromGid("Customer", __parentId), key, value };
}
