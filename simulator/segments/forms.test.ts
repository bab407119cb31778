import { describe, expect, it } from "vitest";

import { controlPlane } from "#simulator/control/routes.ts";
import type { SegmentForms } from "#simulator/segments/forms.ts";
import { ask, type Place } from "#tests/simulator/ask.ts";
import {
  customer,
  define,
  giveMetafield,
  sampleStore,
  shopOf,
} from "#tests/simulator/sample-shop.ts";

const tagged = "customer_tags CONTAINS 'clv:high'";
const scored = "metafields.encore.scored_at";
const forms = {
  relativeDates: `${tagged} AND ${scored} >= -14d`,
  namedDates: `${tagged} AND ${scored} >= 30_days_ago`,
  absoluteDates: `${tagged} AND ${scored} >= 2026-11-07`,
};
type Form = keyof typeof forms;
const formNames = Object.keys(forms) as Form[];

/** Of three customers with the tag, the first was scored recently, the second long ago, and the third never. */
function open(): Place {
  const store = sampleStore(new Date("2026-11-21T12:00:00Z"));
  const customers = ["1", "2", "3"].map((id) => customer(id, { tags: ["clv:high"] }));
  const shop = shopOf({ customers: [...customers, customer("4")], orders: [], store });
  define(shop, { key: "scored_at", type: "date" });
  define(shop, { key: "tier", type: "single_line_text_field" });
  giveMetafield(customers[0]!, "encore.scored_at", "2026-11-20");
  giveMetafield(customers[1]!, "encore.scored_at", "2026-01-20");
  return { store, shop };
}

async function configure(
  place: Place,
  body: { forms?: Partial<SegmentForms>; lagMilliseconds?: number },
) {
  const request = new Request("http://127.0.0.1/__simulator/segments", {
    method: "POST",
    body: JSON.stringify({ shop: "sample", ...body }),
  });
  const options = { store: place.store, reset: () => Promise.resolve() };
  return (await controlPlane(options).fetch(request)).status;
}

const count = `query($query: String!) { customerSegmentMembers(query: $query, first: 10) { totalCount } }`;
const make = `mutation($query: String!) {
  segmentCreate(name: "S", query: $query) { segment { id } userErrors { message } }
}`;

async function members(place: Place, query: string): Promise<number> {
  const { data, errors } = await ask(place, count, { query });
  expect(errors).toBeUndefined();
  return (data as { customerSegmentMembers: { totalCount: number } }).customerSegmentMembers
    .totalCount;
}

async function refusals(place: Place, query: string): Promise<string[]> {
  const { data } = await ask(place, make, { query });
  const { userErrors } = (data as { segmentCreate: { userErrors: { message: string }[] } })
    .segmentCreate;
  return userErrors.map(({ message }) => message);
}

describe("a filter on a metafield", () => {
  it("is evaluated correctly in every form by default", async () => {
    const place = open();
    for (const form of formNames) {
      expect(await refusals(place, forms[form]), form).toEqual([]);
      expect(await members(place, forms[form]), form).toBe(1);
    }
  });

  it.each(formNames)("is refused only in the form of %s", async (refused) => {
    const place = open();
    expect(await configure(place, { forms: { [refused]: "refused" } })).toBe(200);
    for (const form of formNames) {
      const value = forms[form].split(" ").at(-1)!;
      const messages = await refusals(place, forms[form]);
      const column = forms[form].length - value.length;
      const message = `Query Line 1 Column ${column}: '${value}' is unexpected.`;
      expect(messages, form).toEqual(form === refused ? [message] : []);
    }
    expect(await refusals(place, "customer_added_date >= -14d")).toEqual([]);
    expect(await refusals(place, "metafields.encore.tier = 'high'")).toEqual([]);
  });

  it.each(formNames)("is misinterpreted only in the form of %s", async (misread) => {
    const place = open();
    for (const [treatment, seen] of [
      ["nobody", 0],
      ["everybody", 3],
    ] as const) {
      await configure(place, { forms: { [misread]: treatment } });
      for (const form of formNames) {
        expect(await refusals(place, forms[form])).toEqual([]);
        expect(await members(place, forms[form]), form).toBe(form === misread ? seen : 1);
      }
    }
    expect(await members(place, tagged)).toBe(3);
  });

  it("can be refused in every form, which leaves only tags", async () => {
    const place = open();
    await configure(place, { forms: { metafields: "refused" } });
    for (const form of formNames) {
      expect(await refusals(place, forms[form])).toEqual([
        `Query Line 1 Column ${tagged.length + 5}: '${scored}' filter cannot be found.`,
      ]);
    }
    expect(await refusals(place, tagged)).toEqual([]);
    await configure(place, { forms: { metafields: "everybody" } });
    expect(await members(place, "metafields.encore.tier = 'none'")).toBe(4);
  });

  it("is refused for unknown forms and treatments", async () => {
    expect(await configure(open(), { forms: { dates: "refused" } as never })).toBe(422);
    expect(await configure(open(), { forms: { metafields: "loved" } as never })).toBe(422);
  });
});

describe("a segment that lags", () => {
  const change = `mutation($tags: [String!]!) {
    tagsAdd(id: "gid://shopify/Customer/4", tags: $tags) { node { id } }
  }`;
  const set = `mutation { metafieldsSet(metafields: [{
    ownerId: "gid://shopify/Customer/2", namespace: "encore", key: "scored_at", value: "2026-11-21"
  }]) { userErrors { message } } }`;
  const remove = `mutation { metafieldsDelete(metafields: [{
    ownerId: "gid://shopify/Customer/1", namespace: "encore", key: "scored_at"
  }]) { userErrors { message } } }`;

  it("sees tags and metafields as they were, and later all changes", async () => {
    const place = open();
    await configure(place, { lagMilliseconds: 5000 });
    await ask(place, change, { tags: ["clv:high"] });
    await ask(place, set);
    place.store.clock.advance(4000);
    await ask(place, change, { tags: ["vip"] });
    await ask(place, remove);
    const seen = async () => [
      await members(place, tagged),
      await members(place, "customer_tags CONTAINS 'vip'"),
      await members(place, forms.absoluteDates),
    ];
    expect(await seen()).toEqual([3, 0, 1]);
    place.store.clock.advance(1000);
    expect(await seen()).toEqual([4, 1, 2]);
    place.store.clock.advance(4000);
    expect(await seen()).toEqual([4, 1, 1]);
  });
});

describe("a job that finds members", () => {
  it("fails to be read when unknown or expired, and is null as a node", async () => {
    const place = open();
    const start = `mutation { customerSegmentMembersQueryCreate(input: { query: "number_of_orders = 0" }) {
      customerSegmentMembersQuery { id } } }`;
    const { data } = await ask(place, start);
    const { id } = (
      data as { customerSegmentMembersQueryCreate: { customerSegmentMembersQuery: { id: string } } }
    ).customerSegmentMembersQueryCreate.customerSegmentMembersQuery;
    const read = `query($id: ID!) { customerSegmentMembersQuery(id: $id) { done } }`;
    expect((await ask(place, read, { id })).errors).toBeUndefined();
    place.store.clock.advance(2 * 86_400_000);
    for (const unknown of [id, "gid://shopify/CustomerSegmentMembersQuery/1"]) {
      const answer = await ask(place, read, { id: unknown });
      expect(answer.data).toEqual({ customerSegmentMembersQuery: null });
      expect(answer.errors).toMatchObject([
        { message: "Something went wrong", extensions: { code: "INTERNAL_SERVER_ERROR" } },
      ]);
      const node = await ask(place, "query($id: ID!) { node(id: $id) { id } }", { id: unknown });
      expect(node).toMatchObject({ data: { node: null } });
    }
  });
});

describe("the last of six thousand segments", () => {
  it("is the last that can be created", async () => {
    const place = open();
    for (let at = 1; at <= 6000; at += 1) {
      const now = place.store.clock.isoNow();
      const segment = { id: String(at), name: String(at), query: tagged };
      place.shop.segments.set(String(at), { ...segment, creationDate: now, lastEditDate: now });
    }
    expect(await refusals(place, tagged)).toEqual([
      "Segment limit reached. Delete an existing segment to create more.",
    ]);
  });
});
