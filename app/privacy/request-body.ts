import { z } from "zod";

/** A number, or its digits where it exceeds 2^53. */
const number = z.coerce.string().regex(/^[0-9]{1,20}$/);
const never = z.never().optional();

// These requests are irreversible, and the topic is an unsigned header: so a body must have the
// fields that only its topic has, and name the shop. E-mail addresses and phone numbers in it are
// not read.
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
 * @returns the id of the customer or shop that the request is about
 * @throws ZodError when the body does not fit the topic
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

/** Topics of customers' requests. */
export const customerTopics = ["customers/data_request", "customers/redact"] as const;
export type CustomerRequestTopic = (typeof customerTopics)[number];

/** Topics about a shop's departure and its erasure afterwards. */
export const departureTopics = ["app/uninstalled", "shop/redact"] as const;
export type DepartureTopic = (typeof departureTopics)[number];
