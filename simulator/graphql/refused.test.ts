import { describe, expect, it } from "vitest";

import { ask } from "#tests/simulator/ask.ts";
import { customer, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

const store = sampleStore(new Date("2026-11-21T12:00:00Z"));
const place = { store, shop: shopOf({ customers: [customer("1")], orders: [], store }) };

const set = `mutation Set($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { userErrors { message } }
}`;

type Told = { message: string; extensions: { problems: { path: unknown[]; message?: string }[] } };

async function refusal(query: string, variables: Record<string, unknown>): Promise<Told> {
  const { errors, data } = await ask(place, query, variables);
  expect(data).toBeUndefined();
  expect(errors).toHaveLength(1);
  return errors![0] as Told;
}

describe("variables that do not fit", () => {
  it("are reported with the path of each, missing fields after wrong ones", async () => {
    const metafields = [{ ownerId: "gid://shopify/Customer/1", value: 5, colour: "red" }];
    const { message, extensions } = await refusal(set, { metafields });
    expect(message).toBe(
      "Variable $metafields of type [MetafieldsSetInput!]! was provided invalid value for " +
        "0.value (Could not coerce value 5 to String), " +
        "0.colour (Field is not defined on MetafieldsSetInput), " +
        "0.key (Expected value to not be null)",
    );
    expect(extensions.problems.map(({ path }) => path)).toEqual([
      [0, "value"],
      [0, "colour"],
      [0, "key"],
    ]);
  });

  it.each([
    [
      "query Q($n: Int) { customers(first: $n) { nodes { id } } }",
      { n: "5" },
      'Could not coerce value "5" to Int',
    ],
    [
      "query Q($n: Boolean) { customers(first: 1, reverse: $n) { nodes { id } } }",
      { n: 1 },
      "Could not coerce value 1 to Boolean",
    ],
    [
      "query Q($n: CustomerSortKeys) { customers(first: 1, sortKey: $n) { nodes { id } } }",
      { n: "HEIGHT" },
      'Expected "HEIGHT" to be one of: CREATED_AT, ID, LOCATION, NAME, RELEVANCE, UPDATED_AT',
    ],
    ["query Q($n: ID!) { customer(id: $n) { id } }", { n: 7 }, "Invalid global id '7'"],
  ])("have their reason: %s", async (query, variables, explanation) => {
    const { extensions } = await refusal(query, variables);
    expect(extensions.problems).toMatchObject([{ path: [], explanation }]);
  });
});

describe("lists that are too long", () => {
  const tags = Array.from({ length: 251 }, (_, at) => `tag ${at}`);
  const add = `mutation Add($id: ID!, $tags: [String!]!) {
  added: tagsAdd(id: $id, tags: $tags) { userErrors { message } }
}`;

  it("are refused at once, for any field", async () => {
    const variables = { id: "gid://shopify/Customer/1", tags };
    expect(await refusal(add, variables)).toEqual({
      message: "The input array size of 251 is greater than the maximum allowed of 250.",
      locations: [{ line: 2, column: 3 }],
      path: ["added", "tags"],
      extensions: { code: "MAX_INPUT_SIZE_EXCEEDED" },
    });
    expect(place.shop.customers.get("1")?.tags).toEqual([]);
    const fitting = await ask(place, add, { ...variables, tags: tags.slice(1) });
    expect(fitting.errors).toBeUndefined();
  });

  it("are found inside objects, and in the document itself", async () => {
    const literal = `query Q { nodes(ids: [${tags.map(() => '"gid://shopify/Customer/1"').join()}]) { id } }`;
    expect(await refusal(literal, {})).toMatchObject({ path: ["nodes", "ids"] });
    const update = `mutation U($input: CustomerInput!) { customerUpdate(input: $input) { userErrors { message } } }`;
    const input = { id: "gid://shopify/Customer/1", tags };
    expect(await refusal(update, { input })).toMatchObject({
      path: ["customerUpdate", "input", "tags"],
    });
  });
});

describe("a malformed document", () => {
  it.each([
    ["{ shop { name }", "syntax error, unexpected end of file at [1, 15]", 15],
    ["{ shop } }", 'syntax error, unexpected RCURLY ("}") at [1, 10]', 10],
    ["query Q { shop( }", 'syntax error, unexpected RCURLY ("}") at [1, 17]', 17],
  ])("is reported with the unexpected token: %s", async (query, message, column) => {
    expect(await refusal(query, {})).toEqual({
      message,
      locations: [{ line: 1, column }],
      extensions: { code: "PARSE_ERROR" },
    });
  });
});
