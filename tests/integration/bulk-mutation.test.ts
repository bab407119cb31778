import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { storeInInbox } from "#app/queue/inbox.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { awaitBulkOperation, readBulkResult } from "#app/shopify/bulk/await-operation.server.ts";
import { stageUpload } from "#app/shopify/bulk/staged-upload.server.ts";
import {
  isSameIntent,
  markIntent,
  startBulkMutation,
} from "#app/shopify/bulk/start-operation.server.ts";
import { TAGS_ADD } from "#app/shopify/resources/tags.server.ts";

import { FakeShopify, giveSession } from "./fake-shopify.ts";

const fake = new FakeShopify();
const patienceMs = env.ADMIN_API_TIMEOUT_MS;
const shop = shopDomain("one.myshopify.com");
const admin = adminClient(shop);
const id = "gid://shopify/BulkOperation/9";

function operation(
  status: string,
  urls: { url?: string; partialDataUrl?: string; createdAt?: string } = {},
) {
  const facts = { id, status, errorCode: null, objectCount: "2", url: null, partialDataUrl: null };
  return { data: { bulkOperation: { ...facts, ...urls } } };
}

beforeAll(() => fake.start());
afterAll(async () => {
  await fake.stop();
  await closeDatabase();
});
beforeEach(() => giveSession(shop));
afterEach(async () => {
  fake.reset();
  env.ADMIN_API_TIMEOUT_MS = patienceMs;
  await pool.query("truncate webhook_inbox");
});

function givePlace(parameters: { name: string; value: string }[]): void {
  const stagedTargets = [{ url: `${fake.url}/upload`, parameters }];
  fake.answers.set("EncoreStagedUpload", () => ({
    data: { stagedUploadsCreate: { stagedTargets, userErrors: [] } },
  }));
}

describe("uploading variables", () => {
  const filename = "batch.jsonl";

  it("sends Shopify's parameters first and the lines last", async () => {
    let received = "";
    fake.files.set("/upload", (request, response) => {
      request.on("data", (chunk: Buffer) => (received += chunk.toString()));
      request.on("end", () => response.writeHead(201).end());
    });
    givePlace([
      { name: "key", value: "tmp/1/bulk/u/batch.jsonl" },
      { name: "policy", value: "p" },
    ]);
    const path = await stageUpload(admin, { filename, lines: ['{"id":"1"}', '{"id":"2"}'] });
    expect(path).toBe("tmp/1/bulk/u/batch.jsonl");
    const names = [...received.matchAll(/ name="(\w+)"/g)].map(([, name]) => name);
    expect(names).toEqual(["key", "policy", "file"]);
    expect(received).toContain('{"id":"1"}\n{"id":"2"}\n');
  });

  it("is abandoned without an answer, or when the task must stop", async () => {
    env.ADMIN_API_TIMEOUT_MS = 50;
    fake.files.set("/upload", (request) => request.resume());
    givePlace([{ name: "key", value: "tmp/1/bulk/u/batch.jsonl" }]);
    const failed = { code: "shopify-unreachable", retryable: true };
    const upload = { filename, lines: ["{}"] };
    await expect(stageUpload(admin, upload)).rejects.toMatchObject(failed);

    env.ADMIN_API_TIMEOUT_MS = 60_000;
    const stopping = new AbortController();
    fake.files.set("/upload", () => stopping.abort(new Error("stopping")));
    const stopped = stageUpload(admin, { ...upload, signal: stopping.signal });
    await expect(stopped).rejects.toThrow("stopping");
  });
});

describe("a bulk mutation", () => {
  const start = () =>
    startBulkMutation(admin, { document: TAGS_ADD, stagedUploadPath: "tmp/x", intentId: "b-1" });

  it("is started once: the second time it is found by its intent", async () => {
    const started: string[] = [];
    fake.answers.set("EncoreRecentBulkOperations", () => ({
      data: { bulkOperations: { nodes: started.map((query) => ({ id, query })) } },
    }));
    fake.answers.set("EncoreBulkMutation", ({ mutation }) => {
      started.push(String(mutation));
      return { data: { bulkOperationRunMutation: { bulkOperation: { id }, userErrors: [] } } };
    });
    expect(await start()).toEqual({ kind: "started", id });
    expect(await start()).toEqual({ kind: "adopted", id });
    expect(started).toHaveLength(1);
  });

  it("waits for a free slot when five others are running", async () => {
    const userErrors = [
      { field: null, message: "already in progress: gid", code: "OPERATION_IN_PROGRESS" },
    ];
    fake.answers.set("EncoreRecentBulkOperations", () => ({
      data: { bulkOperations: { nodes: [] } },
    }));
    let asked = 0;
    fake.answers.set("EncoreBulkMutation", () => {
      asked += 1;
      const room = asked === 3 && { bulkOperation: { id }, userErrors: [] };
      return { data: { bulkOperationRunMutation: room || { bulkOperation: null, userErrors } } };
    });
    expect(await start()).toEqual({ kind: "started", id });
    expect(asked).toBe(3);
  });

  it("stops waiting for it when the task must stop", async () => {
    const userErrors = [{ field: null, message: "busy", code: "OPERATION_IN_PROGRESS" }];
    fake.answers.set("EncoreRecentBulkOperations", () => ({
      data: { bulkOperations: { nodes: [] } },
    }));
    const stopping = new AbortController();
    fake.answers.set("EncoreBulkMutation", () => {
      setTimeout(() => stopping.abort(new Error("stopping")), 20);
      return { data: { bulkOperationRunMutation: { bulkOperation: null, userErrors } } };
    });
    const mutation = { document: TAGS_ADD, stagedUploadPath: "tmp/x", intentId: "b-1" };
    const stopped = startBulkMutation(admin, { ...mutation, signal: stopping.signal });
    await expect(stopped).rejects.toThrow();
    expect(fake.count("EncoreBulkMutation")).toBe(1);
  });

  it("has an outcome for each line, even if it failed half-way", async () => {
    const partialDataUrl = fake.serve(
      "/partial.jsonl",
      '{"data":{"tagsAdd":{"userErrors":[]}},"__lineNumber":0}\n' +
        '{"data":{"tagsAdd":{"userErrors":[{"field":["id"],"message":"gone"}]}},"__lineNumber":1}\n',
    );
    fake.answers.set("EncoreBulkOperation", () => operation("FAILED", { partialDataUrl }));
    const ended = await awaitBulkOperation(admin, id);
    const outcomes = [];
    for await (const batch of readBulkResult(ended)) outcomes.push(...batch);
    expect(outcomes.map(({ line, outcome }) => [line, outcome.kind])).toEqual([
      [0, "done"],
      [1, "refused"],
    ]);
  });
});

describe("waiting for a bulk operation", () => {
  it("polls less and less often, and reports progress", async () => {
    let looks = 0;
    fake.answers.set("EncoreBulkOperation", () => {
      looks += 1;
      return operation(looks < 4 ? "RUNNING" : "COMPLETED");
    });
    const progress: number[] = [];
    const started = Date.now();
    await awaitBulkOperation(admin, id, {
      onProgress: (objects) => {
        progress.push(objects);
        return Promise.resolve();
      },
    });
    expect(progress).toEqual([2, 2, 2]);
    expect(Date.now() - started).toBeGreaterThan(500 + 650 + 800);
  });

  it("ends early with the webhook that announces the end", async () => {
    let looks = 0;
    fake.answers.set("EncoreBulkOperation", () => {
      looks += 1;
      return operation(looks < 4 ? "RUNNING" : "COMPLETED");
    });
    const topic = "bulk_operations/finish";
    await storeInInbox({ shop, topic, webhookId: "w", triggeredAt: null, resourceId: id });
    const started = Date.now();
    await awaitBulkOperation(admin, id);
    expect(Date.now() - started).toBeLessThan(3 * 500 + 400);
  });

  it("ends for an operation that has run longer than Shopify allows", async () => {
    const createdAt = new Date(Date.now() - 12 * 86_400_000).toISOString();
    fake.answers.set("EncoreBulkOperation", () => operation("CANCELING", { createdAt }));
    await expect(awaitBulkOperation(admin, id)).rejects.toMatchObject({
      code: "shopify-bulk-failed",
    });
  });

  it("fails when Shopify no longer knows the operation", async () => {
    fake.answers.set("EncoreBulkOperation", () => ({ data: { bulkOperation: null } }));
    await expect(awaitBulkOperation(admin, id)).rejects.toMatchObject({
      code: "shopify-bulk-failed",
    });
  });
});

const ORDERS = `#graphql
  query EncoreOrders {
    orders { edges { node { id tags query: id } } }
  }
`;
const INTENT = "5f0e9a52-7f3e-4a39-8c0b-2f6f2d3a9a11";

describe("the intent in a bulk operation", () => {
  it("is recognised in the operation Shopify stores, and in nothing else", () => {
    const marked = markIntent(ORDERS, INTENT);
    expect(isSameIntent(marked, INTENT)).toBe(true);
    expect(isSameIntent(marked, `${INTENT}0`)).toBe(false);
    expect(isSameIntent(ORDERS, INTENT)).toBe(false);
  });

  it("changes nothing but the name of the operation", () => {
    expect(markIntent(ORDERS, "1")).toBe(ORDERS.replace("EncoreOrders", "Encore_1"));
    const mutation =
      "mutation EncoreTagsAdd($id: ID!) { tagsAdd(id: $id, tags: []) { node { id } } }";
    expect(markIntent(mutation, "b-2")).toBe(mutation.replace("EncoreTagsAdd", "Encore_b_2"));
  });
});
