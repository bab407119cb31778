/** Shopify's limit for setting metafields in one call. */
export const METAFIELDS_PER_CALL = 25;

/** Which metafield of which customer; `ownerId` is a gid. */
export type MetafieldKey = { ownerId: string; namespace: string; key: string };

/** The value is always text, whatever the type. */
export type MetafieldValue = MetafieldKey & { type: string; value: string };

/** A customer metafield as merchants see it in the admin. */
export type MetafieldDefinition = {
  namespace: string;
  key: string;
  name: string;
  description: string;
  type: string;
  /** Whether segments can filter by it; a shop may have fifty such definitions for customers. */
  filterable: boolean;
};
