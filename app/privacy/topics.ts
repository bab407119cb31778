/** What customers ask for, through the merchant and Shopify. */
export const customerTopics = ["customers/data_request", "customers/redact"] as const;
export type CustomerRequestTopic = (typeof customerTopics)[number];

/** What says that a shop has removed the app, or asks for it to be erased after that. */
export const departureTopics = ["app/uninstalled", "shop/redact"] as const;
export type DepartureTopic = (typeof departureTopics)[number];
