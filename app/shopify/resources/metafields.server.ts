import type { AdminApi, QueryOptions } from "#app/shopify/api/client.server.ts";
import { outcomeOf, type WriteOutcome } from "#app/shopify/api/user-errors.ts";

import { type MetafieldKey, METAFIELDS_PER_CALL, type MetafieldValue } from "./metafields.ts";

/** One line of variables: `{ metafields: [...] }`, 25 at most. Also the mutation of a bulk file. */
export const METAFIELDS_SET = `#graphql
  mutation EncoreMetafieldsSet($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) {
      userErrors {
        field
        message
        code
      }
    }
  }
`;

/** One line of variables: `{ metafields: [...] }`. Also the mutation of a bulk file. */
export const METAFIELDS_DELETE = `#graphql
  mutation EncoreMetafieldsDelete($metafields: [MetafieldIdentifierInput!]!) {
    metafieldsDelete(metafields: $metafields) {
      userErrors {
        field
        message
      }
    }
  }
`;

/** Sets up to 25 metafields, all or none. */
export async function setMetafields(
  admin: AdminApi,
  metafields: MetafieldValue[],
  options?: QueryOptions,
): Promise<WriteOutcome> {
  if (metafields.length > METAFIELDS_PER_CALL) {
    throw new RangeError(
      `${metafields.length} metafields in one call: at most ${METAFIELDS_PER_CALL}`,
    );
  }
  const data = await admin.query(METAFIELDS_SET, { metafields }, options);
  return outcomeOf(data.metafieldsSet);
}

/** Deletes metafields; missing ones are no error. */
export async function deleteMetafields(
  admin: AdminApi,
  metafields: MetafieldKey[],
  options?: QueryOptions,
): Promise<WriteOutcome> {
  const data = await admin.query(METAFIELDS_DELETE, { metafields }, options);
  return outcomeOf(data.metafieldsDelete);
}
