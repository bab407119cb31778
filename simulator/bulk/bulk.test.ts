import { describe, expect, it } from "vitest";

import { bulkFiles } from "#simulator/bulk/files.ts";
import type { ShopEvent } from "#simulator/state.ts";
import { ask, type Place } from "#tests/simulator/ask.ts";
import {
  awaitEnd,
  bulkPlace,
  download,
  runQuery,
  startMutation,
  startQuery,
  upload,
} from "#tests/simulator/bulk.ts";
import { customer, giveMetafield, order } from "#tests/simulator/sample-shop.ts";

const addTags = `mutation Add($id: ID!, $tags: [String!]!) {
  tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } }
}`;

const gidOf = (id: number) => `gid://shopify/Customer/${id}`;

function crowd(size: number) {
  return Array.from({ length: size }, (_, index) => customer(String(index + 1)));
}

function heard(place: Place): ShopEvent[] {
  const events: ShopEvent[] = [];
  place.store.subscribe((event) => events.push(event));
  return events;
}

describe("a bulk query", () => {
  it("exports every order with its customer inline, in pages the reader does not see", async () => {
    const orders = Array.from({ length: 1203 }, (_, index) =>
      order(String(index + 1), {
        customerId: "1",
        processedAt: "2026-07-01T10:00:00Z",
        totalMinor: 5500,
      }),
    );
    const place = bulkPlace({ customers: crowd(1), orders });
    const { finished, text, objects } = await runQuery(
      place,
      "{ orders { edges { node { id customer { id } currentTotalPriceSet { shopMoney { amount currencyCode } } } } } }",
    );
    expect(finished).toMatchObject({
      status: "COMPLETED",
      objectCount: "1203",
      rootObjectCount: "1203",
    });
    expect(new Set(objects.map(({ id }) => id)).size).toBe(1203);
    expect(text.split("\n")[0]).toBe(
      String.raw`{"id":"gid:\/\/shopify\/Order\/1","customer":{"id":"gid:\/\/shopify\/Customer\/1"},"currentTotalPriceSet":{"shopMoney":{"amount":"55.0","currencyCode":"GBP"}}}`,
    );
    expect(finished.fileSize).toBe(String(Buffer.byteLength(text)));
  });

  it("puts children on separate lines, after their parents, and next to them only when grouped", async () => {
    const customers = crowd(2);
    for (const one of customers) giveMetafield(one, "encore.clv_tier", "high");
    const place = bulkPlace({ customers });
    const query = "{ customers { edges { node { id metafields { edges { node { key } } } } } } }";
    const loose = await runQuery(place, query);
    expect(loose.finished).toMatchObject({ objectCount: "4", rootObjectCount: "2" });
    expect(loose.objects).toEqual([
      { id: gidOf(1) },
      { id: gidOf(2) },
      { key: "clv_tier", __parentId: gidOf(1) },
      { key: "clv_tier", __parentId: gidOf(2) },
    ]);
    const grouped = await runQuery(place, query, true);
    expect(grouped.objects.map(({ __parentId }) => __parentId)).toEqual([
      undefined,
      gidOf(1),
      undefined,
      gidOf(2),
    ]);
  });

  it("ends without a URL when nothing matches", async () => {
    const { finished } = await runQuery(bulkPlace(), "{ orders { edges { node { id } } } }");
    expect(finished).toMatchObject({ status: "COMPLETED", url: null, objectCount: "0" });
    expect(finished.completedAt).not.toBeNull();
  });

  it("is refused at once for a field that the simulator does not implement", async () => {
    const place = bulkPlace({ customers: crowd(1) });
    await expect(
      startQuery(place, "{ customers { edges { node { id image { url } } } } }"),
    ).rejects.toThrow("SIMULATOR_NOT_IMPLEMENTED");
  });

  it("sends a webhook when it ends, with values in lower case", async () => {
    const place = bulkPlace();
    const events = heard(place);
    const { finished } = await runQuery(place, "{ orders { edges { node { id } } } }");
    expect(events.map(({ topic, body }) => [topic, body()])).toEqual([
      [
        "bulk_operations/finish",
        expect.objectContaining({
          admin_graphql_api_id: finished.id,
          status: "completed",
          type: "query",
          error_code: null,
        }),
      ],
    ]);
  });

  it("fails half-way when that fault is set, with partial data", async () => {
    const place = bulkPlace({ customers: crowd(2000) });
    place.store.faults.plan({ failBulk: { count: 1, errorCode: "TIMEOUT" } });
    const { bulkOperation } = await startQuery(place, "{ customers { edges { node { id } } } }");
    const ended = await awaitEnd(place, bulkOperation!.id);
    expect(ended).toMatchObject({
      status: "FAILED",
      errorCode: "TIMEOUT",
      url: null,
      objectCount: "1000",
    });
    const partial = await download(place, ended.partialDataUrl!);
    expect(partial.trimEnd().split("\n").length).toBe(1000);
  });

  it.each([
    ["cancelBulk", "CANCELED"],
    ["expireBulk", "EXPIRED"],
  ] as const)("ends half-way with %s, and what was done stays done", async (kind, status) => {
    const place = bulkPlace({ customers: crowd(16) });
    place.store.faults.plan({ [kind]: { count: 1 } });
    const lines = [...place.shop.customers.keys()].map((id) => ({
      id: `gid://shopify/Customer/${id}`,
      tags: ["half"],
    }));
    const { bulkOperation } = await startMutation(place, addTags, await upload(place, lines));
    const ended = await awaitEnd(place, bulkOperation!.id);
    expect(ended).toMatchObject({ status, url: null, partialDataUrl: null, objectCount: "9" });
    const tagged = [...place.shop.customers.values()].filter(({ tags }) => tags.includes("half"));
    expect(tagged.length).toBe(9);
    expect(place.store.faults.kinds[kind].fired).toBe(1);
  });

  it("has its download cut off in the middle when that fault is set", async () => {
    const place = bulkPlace({ customers: crowd(100) });
    const { finished, text } = await runQuery(place, "{ customers { edges { node { id } } } }");
    place.store.faults.plan({ cutDownload: { count: 1 } });
    const response = await bulkFiles(place.store, new Request(finished.url!));
    const reader = response!.body!.getReader();
    let bytes = 0;
    const readAll = async () => {
      for (let read = await reader.read(); !read.done; read = await reader.read())
        bytes += (read.value as Uint8Array).length;
    };
    await expect(readAll()).rejects.toThrow("A fault was asked for");
    expect(bytes).toBeLessThan(text.length);
    expect(await download(place, finished.url!)).toBe(text);
  });

  it("fails to upload when that fault is set", async () => {
    const place = bulkPlace({ customers: crowd(1) });
    place.store.faults.plan({ failUpload: { count: 1 } });
    await expect(upload(place, [{}])).rejects.toThrow("The upload was answered 503");
    await expect(upload(place, [{}])).resolves.toMatch(/jsonl$/);
  });

  it("keeps to the configured rate", async () => {
    const place = bulkPlace({ customers: crowd(1000) });
    place.store.settings.bulkQueryObjectsPerSecond = 5000;
    const started = performance.now();
    await runQuery(place, "{ customers { edges { node { id } } } }");
    expect(performance.now() - started).toBeGreaterThan(190);
  });

  it("can be cancelled, and then has neither a URL nor a completion time", async () => {
    const place = bulkPlace({ customers: crowd(1) });
    place.store.settings.bulkLatencyMs = 20;
    const { bulkOperation } = await startQuery(place, "{ customers { edges { node { id } } } }");
    const cancel =
      "mutation C($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { field message } } }";
    const answer = await ask(place, cancel, { id: bulkOperation!.id });
    expect(answer.data).toEqual({
      bulkOperationCancel: { bulkOperation: { status: "CANCELING" }, userErrors: [] },
    });
    expect(await awaitEnd(place, bulkOperation!.id)).toMatchObject({
      status: "CANCELED",
      url: null,
      completedAt: null,
    });
    const again = await ask(place, cancel, { id: bulkOperation!.id });
    expect(again.data).toMatchObject({ bulkOperationCancel: { userErrors: [{ field: null }] } });
  });
});

describe("a bulk mutation", () => {
  it("executes and reports each line, including failed ones", async () => {
    const place = bulkPlace({ customers: crowd(2) });
    const path = await upload(place, [
      { id: gidOf(1), tags: ["clv:high"] },
      { id: gidOf(99), tags: ["clv:high"] },
      "not json",
      { id: gidOf(2), tags: ["clv:low"] },
    ]);
    const { bulkOperation, userErrors } = await startMutation(place, addTags, path);
    expect(userErrors).toEqual([]);
    const ended = await awaitEnd(place, bulkOperation!.id);
    expect(ended).toMatchObject({ status: "COMPLETED", type: "MUTATION", objectCount: "4" });
    const lines = (await download(place, ended.url!)).trimEnd().split("\n");
    expect(lines[0]).toBe(
      String.raw`{"data":{"tagsAdd":{"node":{"id":"gid:\/\/shopify\/Customer\/1"},"userErrors":[]}},"__lineNumber":0}`,
    );
    const results = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(results.map(({ __lineNumber }) => __lineNumber)).toEqual([0, 1, 2, 3]);
    expect(results[1]).toMatchObject({
      data: { tagsAdd: { userErrors: [{ field: ["id"], message: "Customer does not exist" }] } },
    });
    expect(results[2]).toHaveProperty("errors");
    expect(place.shop.customers.get("1")?.tags).toEqual(["clv:high"]);
    expect(place.shop.customers.get("2")?.tags).toEqual(["clv:low"]);
  });

  it("keeps to the configured rate of lines", async () => {
    const place = bulkPlace({ customers: crowd(1) });
    place.store.settings.bulkMutationLinesPerSecond = 1000;
    const lines = Array.from({ length: 300 }, () => ({ id: gidOf(1), tags: ["a"] }));
    const path = await upload(place, lines);
    const started = performance.now();
    const { bulkOperation } = await startMutation(place, addTags, path);
    await awaitEnd(place, bulkOperation!.id);
    const seconds = (performance.now() - started) / 1000;
    expect(seconds).toBeGreaterThan(0.29);
    expect(seconds).toBeLessThan(0.3 * 1.2 + 0.5);
  });

  it("refuses results without the complete URL", async () => {
    const place = bulkPlace({ customers: crowd(1) });
    const { finished } = await runQuery(place, "{ customers { edges { node { id } } } }");
    const url = new URL(finished.url!);
    url.searchParams.set("Signature", "0".repeat(40));
    await expect(download(place, url.href)).rejects.toThrow("403");
    place.store.clock.advance(8 * 86_400_000);
    await expect(download(place, finished.url!)).rejects.toThrow("403");
  });
});
