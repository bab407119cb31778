import { expect, it } from "vitest";

import { readRequest, type RequestTopic } from "./request-body.ts";

const shop = "one.myshopify.com";
const email = "jane@example.com";

/** Bodies as Shopify writes them, and the id that each is about. */
const requests: Record<RequestTopic, { body: Record<string, unknown>; about: string }> = {
  "customers/data_request": {
    body: {
      ...{ shop_id: 1, shop_domain: shop, customer: { id: 7, email } },
      ...{ orders_requested: [1], data_request: { id: 9 } },
    },
    about: "7",
  },
  "customers/redact": {
    body: {
      ...{ shop_id: 1, shop_domain: shop, customer: { id: "9007199254740993", email } },
      orders_to_redact: [1],
    },
    about: "9007199254740993",
  },
  "shop/redact": { body: { shop_id: 548380009, shop_domain: shop }, about: "548380009" },
  "app/uninstalled": { body: { id: 3, myshopify_domain: shop }, about: "3" },
};
const topics = Object.keys(requests) as RequestTopic[];

it.each(topics)("reads the id of a %s", (topic) => {
  const { body, about } = requests[topic];
  expect(readRequest(topic, body)).toBe(about);
});

it.each(topics)("refuses bodies of other topics for %s", (topic) => {
  for (const other of topics.filter((each) => each !== topic)) {
    expect(() => readRequest(topic, requests[other].body), other).toThrow();
  }
});

const needed: Record<RequestTopic, string[]> = {
  "customers/data_request": ["shop_domain", "customer", "data_request"],
  "customers/redact": ["shop_domain", "customer", "orders_to_redact"],
  "shop/redact": ["shop_domain", "shop_id"],
  "app/uninstalled": ["id", "myshopify_domain"],
};

it.each(topics)("refuses a %s without its characteristic fields", (topic) => {
  const { body } = requests[topic];
  for (const key of needed[topic]) {
    expect(() => readRequest(topic, { ...body, [key]: undefined }), key).toThrow();
  }
});

const foreign: Record<RequestTopic, Record<string, unknown>> = {
  "customers/data_request": { orders_to_redact: [] },
  "customers/redact": { data_request: { id: 9 }, orders_requested: [] },
  "shop/redact": { customer: { id: 7 }, data_request: { id: 9 }, orders_to_redact: [] },
  "app/uninstalled": { shop_domain: shop, customer: { id: 7 } },
};

it.each(topics)("refuses a %s with fields of another topic", (topic) => {
  for (const [key, value] of Object.entries(foreign[topic])) {
    const body = { ...requests[topic].body, [key]: value };
    expect(() => readRequest(topic, body), key).toThrow();
  }
});

it("refuses invalid and too long ids", () => {
  for (const id of ["", "7x", "x7", "-7", "1.5", null, "123456789012345678901"]) {
    const body = { ...requests["customers/redact"].body, customer: { id } };
    expect(() => readRequest("customers/redact", body), String(id)).toThrow();
  }
  const longest = { ...requests["shop/redact"].body, shop_id: "12345678901234567890" };
  expect(readRequest("shop/redact", longest)).toBe("12345678901234567890");
});
