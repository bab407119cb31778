/** Shopify's three privacy topics. Customers' requests reach us through the merchant and Shopify. */
export const privacyTopics = ["customers/data_request", "customers/redact", "shop/redact"] as const;
export type PrivacyTopic = (typeof privacyTopics)[number];

export function isPrivacyTopic(topic: string): topic is PrivacyTopic {
  return privacyTopics.some((known) => known === topic);
}
