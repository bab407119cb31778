import { describe, expect, it } from "vitest";

import { asCustomers, type Exchange, readRecording, replayIn } from "#tests/simulator/replay.ts";
import { customer, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

const mutation = (name: "tagsAdd" | "tagsRemove") =>
  `mutation M($id: ID!, $tags: [String!]!) {
    ${name}(id: $id, tags: $tags) { node { ... on Customer { id tags } } userErrors { field message } }
  }`;

function idOf({ variables }: Exchange): string {
  return String(variables.id).replace("gid://shopify/Customer/", "");
}

/** Replays against a customer with the recorded id and `tags`. */
async function replayWithTags(exchange: Exchange, tags: string[]) {
  const store = sampleStore(new Date("2026-07-03T12:00:00Z"));
  const shop = shopOf({ customers: [customer(idOf(exchange), { tags })], orders: [], store });
  const [replayed] = await replayIn({ store, shop }, [exchange]);
  return replayed;
}

// The recordings are of products; here the same cases are applied to a customer.
describe("recorded exchanges about tags", () => {
  const unknown = asCustomers(readRecording("tags-2025-01/admin-platform-tags-not-found.json"));

  it("has the recorded response for owners that do not exist", async () => {
    expect(unknown.length).toBe(4);
    const store = sampleStore(new Date());
    const shop = shopOf({ customers: [], orders: [], store });
    for (const { name, expected, actual } of await replayIn({ store, shop }, unknown)) {
      expect(actual, name).toEqual(expected);
    }
  });

  const normalized = asCustomers(
    readRecording("tags-2025-01/tags-normalization-parity.json"),
  ).filter(({ query }) => /tags(Add|Remove)\(/.test(query));

  it.each(normalized)(
    "has the recorded response for commas, casing and single strings: $query",
    async (exchange) => {
      const replayed = await replayWithTags(exchange, ["Red"]);
      expect(replayed?.actual).toEqual(replayed?.expected);
    },
  );

  it("has the recorded response when tags are added to existing ones", async () => {
    const [added] = asCustomers(
      readRecording("tags-2025-01/tags-add-parity.json", mutation("tagsAdd")),
    );
    const replayed = await replayWithTags(added!, ["existing", "hermes-state-1783081819761"]);
    expect(replayed?.actual).toEqual(replayed?.expected);
  });

  it("has the recorded response when one of the tags to remove does not exist", async () => {
    const [removed] = asCustomers(
      readRecording("tags-2025-01/tags-remove-parity.json", mutation("tagsRemove")),
    );
    const before = ["existing", "hermes-sale-1783081819761", "hermes-state-1783081819761"];
    const replayed = await replayWithTags(removed!, [...before, "hermes-summer-1783081819761"]);
    expect(replayed?.actual).toEqual(replayed?.expected);
  });
});
