/** A customer's tags, or one metafield of a customer. */
export type TaggedCustomer =
  { customerId: string; tags: string[] } | { customerId: string; key: string; value: string };
