import { z } from "zod";

/** A number, or its digits where it exceeds 2^53. */
const number = z.coerce.string().regex(/^[0-9]{1,20}$/);
const never = z.never().optional();

// Each of these acts is taken back by nothing, and the topic is an unsigned header: a body must have
// what only one of its topic has, and name the shop. An e-mail address and a phone number that it also
// carries are not even looked at.
const forms = {
  "customers/data_request": z.object({
    shop_domain: z.string(),
    customer: z.object({ id: number }),
    data_request: z.object({ id: number }),
    orders_to_redact: never,
  }),
  "customers/redact": z.object({
    shop_domain: z.string(),
    customer: z.object({ id: number }),
    orders_to_redact: z.array(z.unknown()),
    data_request: never,
    orders_requested: never,
  }),
  "shop/redact": z.object({
    shop_domain: z.string(),
    shop_id: number,
    customer: never,
    data_request: never,
    orders_to_redact: never,
  }),
  "app/uninstalled": z.object({
    id: number,
    myshopify_domain: z.string(),
    shop_domain: never,
    customer: never,
  }),
};

export type RequestTopic = keyof typeof forms;

/**
 * What the body of a request is about.
 *
 * @returns the number of the customer, or of the shop
 * @throws ZodError when the body is not one of that topic
 */
export function readRequest(topic: RequestTopic, body: unknown): string {
  switch (topic) {
    case "customers/data_request":
    case "customers/redact":
      return forms[topic].parse(body).customer.id;
    case "shop/redact":
      return forms[topic].parse(body).shop_id;
    case "app/uninstalled":
      return forms[topic].parse(body).id;
  }
}

/** What customers ask for, through the merchant and Shopify. */
export const customerTopics = ["customers/data_request", "customers/redact"] as const;
export type CustomerRequestTopic = (typeof customerTopics)[number];

/** What says that a shop has removed the app, or asks for it to be erased after that. */
export const departureTopics = ["app/uninstalled", "shop/redact"] as const;
export type DepartureTopic = (typeof departureTopics)[number];
