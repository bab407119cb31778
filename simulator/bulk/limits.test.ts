import { describe, expect, it } from "vitest";

import {
  awaitEnd,
  bulkPlace,
  download,
  startMutation,
  startQuery,
  upload,
} from "#tests/simulator/bulk.ts";
import { customer } from "#tests/simulator/sample-shop.ts";

const query = "{ customers { edges { node { id } } } }";
const mutation = `mutation Add($id: ID!, $tags: [String!]!) {
  tagsAdd(id: $id, tags: $tags) { userErrors { message } }
}`;

/** The document, padded with a comment to a number of bytes. */
const sized = (document: string, bytes: number) => `${document} #`.padEnd(bytes, "x");

describe("the document of a bulk operation", () => {
  it.each([65_535, 65_536])(
    "of %i bytes is taken if it is no larger than allowed",
    async (bytes) => {
      const place = bulkPlace();
      const path = await upload(place, [{}]);
      const started = [
        await startQuery(place, sized(query, bytes)),
        await startMutation(place, sized(mutation, bytes), path),
      ];
      const message = "Query is too large (65536 bytes; maximum is 65535 bytes)";
      const refused = [
        { field: ["query"], message, code: "INVALID" },
        { field: ["mutation"], message, code: "INVALID_MUTATION" },
      ];
      expect(started.flatMap(({ userErrors }) => userErrors)).toEqual(
        bytes > 65_535 ? refused : [],
      );
    },
  );
});

describe("a line of a bulk mutation", () => {
  it("is refused individually for a list that is too long", async () => {
    const place = bulkPlace({ customers: [customer("1"), customer("2")] });
    const tags = Array.from({ length: 251 }, (_, at) => `tag ${at}`);
    const path = await upload(place, [
      { id: "gid://shopify/Customer/1", tags },
      { id: "gid://shopify/Customer/2", tags: ["one"] },
    ]);
    const { bulkOperation } = await startMutation(place, mutation, path);
    const { url } = await awaitEnd(place, bulkOperation!.id);
    const lines = (await download(place, url!)).trimEnd().split("\n");
    expect(lines[0]).toContain("MAX_INPUT_SIZE_EXCEEDED");
    expect(lines[1]).not.toContain("errors");
    expect([...place.shop.customers.values()].map((one) => one.tags)).toEqual([[], ["one"]]);
  });
});
