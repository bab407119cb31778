import { readFileSync } from "node:fs";

import { beforeAll, describe, expect, it } from "vitest";

import { controlPlane } from "#simulator/control/routes.ts";
import type { ShopEvent } from "#simulator/state.ts";
import { localTime } from "#simulator/webhooks/local-time.ts";
import { ask } from "#tests/simulator/ask.ts";
import { awaitEnd, bulkPlace, startQuery } from "#tests/simulator/bulk.ts";
import { until } from "#tests/simulator/http.ts";
import { customer, order } from "#tests/simulator/sample-shop.ts";

type Shape = null | string | Shape[] | { [member: string]: Shape };

const shapes = JSON.parse(
  readFileSync(
    new URL("../../tests/recorded/webhooks-2026-07/shapes.json", import.meta.url),
    "utf8",
  ),
) as Record<string, Shape>;

/** Differences of a body from the sample: members that only one has, and values of another type. */
function differences(body: unknown, shape: Shape, path: string): string[] {
  if (shape === null || body === null) return [];
  if (typeof shape === "string") return typeof body === shape ? [] : [`${path}: no ${shape}`];
  if (Array.isArray(shape)) {
    if (!Array.isArray(body)) return [`${path}: no list`];
    const [item = null] = shape;
    return body.flatMap((one, at) => differences(one, item, `${path}.${at}`));
  }
  if (typeof body !== "object") return [`${path}: no object`];
  const members = new Set([...Object.keys(body), ...Object.keys(shape)]);
  return [...members].flatMap((member) => {
    if (!(member in shape)) return [`${path}.${member}: not in the sample`];
    // Members of a missing address are not compared.
    if (!(member in body) && member === "default_address") return [];
    if (!(member in body)) return [`${path}.${member}: only in the sample`];
    return differences(Reflect.get(body, member), shape[member] ?? null, `${path}.${member}`);
  });
}

const place = bulkPlace({
  customers: [customer("7"), customer("8")],
  orders: [order("1", { customerId: "7", processedAt: "2026-06-01T10:00:00Z", totalMinor: 2000 })],
});
place.shop.installed = true;
place.shop.timeZone = "America/New_York";
const events: ShopEvent[] = [];
place.store.subscribe((event) => events.push(event));

async function control(path: string, body: object = {}): Promise<void> {
  const request = new Request(`http://127.0.0.1/__simulator/${path}`, {
    method: "POST",
    body: JSON.stringify({ shop: "sample", ...body }),
  });
  const options = { store: place.store, reset: () => Promise.resolve() };
  expect((await controlPlane(options).fetch(request)).status).toBe(200);
}

/** Triggers every event that has a webhook. */
async function everything(): Promise<void> {
  await control("orders", { customerId: "7", amount: 5 });
  await control("orders/1/refund", { amount: 5 });
  await control("orders/1/edit", { amount: 12 });
  await control("orders/1/cancel");
  await control("orders/1/delete");
  await control("customers", { firstName: "Elif", lastName: "Mossford" });
  await control("customers/8/data-request", { orderIds: ["1", "2"] });
  await control("customers/8/redact", { orderIds: ["1"] });
  const tag = (mutation: string) =>
    `mutation { ${mutation}(id: "gid://shopify/Customer/8", tags: ["a"]) { node { id } } }`;
  await ask(place, tag("tagsAdd"));
  await ask(place, tag("tagsRemove"));
  await control("customers/8/merge", { into: "7" });
  const newcomer = [...place.shop.customers.keys()].at(-1);
  await control(`customers/${newcomer!}/delete`);
  await ask(
    place,
    'mutation { segmentCreate(name: "S", query: "number_of_orders > 1") { segment { id } } }',
  );
  const [segment] = place.shop.segments.keys();
  const id = `gid://shopify/Segment/${segment!}`;
  await ask(place, `mutation { segmentUpdate(id: "${id}", name: "T") { segment { id } } }`);
  await ask(place, `mutation { segmentDelete(id: "${id}") { deletedSegmentId } }`);
  const { bulkOperation } = await startQuery(place, "{ customers { edges { node { id } } } }");
  await awaitEnd(place, bulkOperation!.id);
  await until(() => bodyOf("bulk_operations/finish") !== undefined);
  await control("shop", { name: "Renamed" });
  await control("scopes", { scopes: ["read_orders"] });
  await control("uninstall");
  place.store.clock.advance(2 * 86_400_000);
}

const bodyOf = (topic: string) => events.findLast((event) => event.topic === topic)?.body();

beforeAll(everything);

describe("the body of a webhook", () => {
  it.each(Object.keys(shapes))("has the members of Shopify's sample: %s", (topic) => {
    const body = bodyOf(topic);
    expect(body).toBeDefined();
    expect(differences(body, shapes[topic] ?? null, topic)).toEqual([]);
  });

  it("is a shop for shop/update too, with the time of the change", () => {
    const body = bodyOf("shop/update");
    expect(differences(body, shapes["app/uninstalled"] ?? null, "shop/update")).toEqual([]);
    expect(body).toMatchObject({ name: "Renamed", myshopify_domain: "sample.myshopify.com" });
    expect(body?.updated_at).toMatch(/^2026-07-04T19:47:\d\d-04:00$/);
  });

  it("of a privacy topic names the shop by its number, and the orders asked for", () => {
    const shop = { shop_id: Number(place.shop.id), shop_domain: "sample.myshopify.com" };
    const person = { id: 8, email: "alba.8@example.com", phone: null };
    expect(bodyOf("customers/data_request")).toMatchObject({
      ...{ ...shop, customer: person, orders_requested: [1, 2] },
    });
    expect(bodyOf("customers/redact")).toEqual({
      ...shop,
      customer: person,
      orders_to_redact: [1],
    });
    expect(bodyOf("shop/redact")).toEqual(shop);
  });
});

describe("a shop that uninstalled the app", () => {
  it("is sent shop/redact after two days, unless it has installed the app again", async () => {
    const { store, shop } = place;
    shop.installed = true;
    const count = () => events.filter(({ topic }) => topic === "shop/redact").length;
    const before = count();
    await control("uninstall");
    store.clock.advance(86_400_000);
    shop.installed = true;
    store.clock.advance(2 * 86_400_000);
    expect(count()).toBe(before);
    await control("uninstall");
    store.clock.advance(2 * 86_400_000);
    expect(count()).toBe(before + 1);
  });
});

describe("the time in a body", () => {
  it.each([
    ["2026-07-01T12:00:00Z", "America/New_York", "2026-07-01T08:00:00-04:00"],
    ["2026-12-31T23:30:00Z", "Europe/Paris", "2027-01-01T00:30:00+01:00"],
    ["2026-12-31T23:30:00Z", "Asia/Kolkata", "2027-01-01T05:00:00+05:30"],
    ["2026-12-31T23:30:00Z", "UTC", "2026-12-31T23:30:00+00:00"],
  ])("of %s in %s is %s", (iso, zone, local) => {
    expect(localTime(iso, zone)).toBe(local);
  });
});
