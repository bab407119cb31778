import type { AdminApi, QueryOptions } from "#app/shopify/api/client.server.ts";
import { outcomeOf, type WriteOutcome } from "#app/shopify/api/user-errors.ts";

/** One line of variables: `{ id: gid, tags: [...] }`. Also the mutation of a bulk file. */
export const TAGS_ADD = `#graphql
  mutation EncoreTagsAdd($id: ID!, $tags: [String!]!) {
    tagsAdd(id: $id, tags: $tags) {
      userErrors {
        field
        message
      }
    }
  }
`;

/** One line of variables: `{ id: gid, tags: [...] }`. Also the mutation of a bulk file. */
export const TAGS_REMOVE = `#graphql
  mutation EncoreTagsRemove($id: ID!, $tags: [String!]!) {
    tagsRemove(id: $id, tags: $tags) {
      userErrors {
        field
        message
      }
    }
  }
`;

export type TagChange = { id: string; tags: string[] };

/** Adds tags to a customer; existing ones are no error. */
export async function addTags(
  admin: AdminApi,
  change: TagChange,
  options?: QueryOptions,
): Promise<WriteOutcome> {
  const data = await admin.query(TAGS_ADD, change, options);
  return outcomeOf(data.tagsAdd);
}

/** Removes tags from a customer; missing ones are no error. */
export async function removeTags(
  admin: AdminApi,
  change: TagChange,
  options?: QueryOptions,
): Promise<WriteOutcome> {
  const data = await admin.query(TAGS_REMOVE, change, options);
  return outcomeOf(data.tagsRemove);
}
