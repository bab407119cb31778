import { describe, expect, it } from "vitest";

import { bulkFiles } from "#simulator/bulk/files.ts";
import { bulkPlace, stageTarget, startMutation, upload } from "#tests/simulator/bulk.ts";
import { type Exchange, readRecording, replayIn } from "#tests/simulator/replay.ts";

const read = (name: string) => readRecording(`bulk-operations-2026-04/bulk-operation${name}.json`);

const createProducts = `mutation ProductCreate($product: ProductCreateInput!) {
  productCreate(product: $product) { product { id title } userErrors { field message } }
}`;

/** Started operations stay CREATED. */
function waitingPlace() {
  const place = bulkPlace();
  place.store.settings.bulkLatencyMs = 60_000;
  return place;
}

async function expectAlike(exchanges: readonly Exchange[]) {
  for (const { name, expected, actual } of await replayIn(waitingPlace(), exchanges)) {
    expect(actual, name).toEqual(expected);
  }
}

describe("recorded exchanges about bulk operations", () => {
  it.each([
    ["-run-query-validators", 8],
    ["-run-query-user-error-codes", 2],
    ["-run-mutation-validators", 4],
    ["-run-mutation-connection-validators", 5],
    ["s-read-arg-validation", 8],
  ])("has the recorded response: bulk-operation%s", async (name, count) => {
    const exchanges = read(name);
    expect(exchanges.length).toBe(count);
    await expectAlike(exchanges);
  });

  it("has the recorded response for files that were never uploaded and root fields that are not allowed", async () => {
    const exchanges = read("-run-mutation-user-errors").filter(
      ({ query }) => !query.includes("stagedUploads"),
    );
    expect(exchanges.length).toBe(3);
    await expectAlike(exchanges);
  });

  it("has the recorded response for client identifiers that are too short and too long", async () => {
    const exchanges = read("-run-mutation-client-identifier-validation").filter(
      ({ query }) => !/stagedUploads|currentBulkOperation/.test(query),
    );
    expect(exchanges.length).toBe(5);
    await expectAlike(exchanges);
  });

  it("has the recorded response for a sixth query while five run, and for their cancelling", async () => {
    // Recorded with products, which the simulator does not have.
    const exchanges = JSON.parse(
      JSON.stringify(read("-run-query-concurrency-limit")).replaceAll("products {", "customers {"),
    ) as Exchange[];
    expect(exchanges.length).toBe(11);
    // The progress of an operation when it was cancelled depends on timing.
    const without = (value: unknown) =>
      JSON.stringify(value).replaceAll(/ootObjectCount":"\d+"|bjectCount":"\d+"/g, "");
    const ids = (value: string) => value.replaceAll(/BulkOperation\/\d+/g, "BulkOperation/0");
    for (const { name, expected, actual } of await replayIn(waitingPlace(), exchanges)) {
      expect(ids(without(actual)), name).toEqual(ids(without(expected)));
    }
  });

  it("has the recorded response for a sixth mutation while five run, and for their cancelling", async () => {
    const place = waitingPlace();
    const exchanges = read("-run-mutation-concurrency-limit").filter(
      ({ name }) => !/^(currentBefore|cleanup)/.test(name),
    );
    expect(exchanges.length).toBe(11);
    const uploaded: Exchange[] = [];
    for (const exchange of exchanges) {
      const { variables } = exchange;
      const path = "path" in variables ? { path: await upload(place, [{ product: {} }]) } : {};
      uploaded.push({ ...exchange, variables: { ...variables, ...path } });
    }
    const ids = (value: unknown) =>
      JSON.stringify(value).replaceAll(/BulkOperation\/\d+/g, "BulkOperation/0");
    for (const { name, expected, actual } of await replayIn(place, uploaded)) {
      expect(ids(actual), name).toEqual(ids(expected));
    }
  });

  it("has the recorded response whatever the operation's name", async () => {
    const exchanges = read("-name-independent-run-roots");
    expect(exchanges.length).toBe(2);
    await expectAlike(exchanges);
  });

  it("has the recorded response for the root of orders, from its start to its cancelling", async () => {
    const [, run, cancel, current] = read("-run-query-schema-roots");
    await expectAlike([run!, cancel!, current!]);
  });

  it("has the recorded response for a missing file even while five mutations run", async () => {
    const place = waitingPlace();
    for (let runs = 0; runs < 5; runs += 1) {
      const { userErrors } = await startMutation(place, createProducts, await upload(place, [{}]));
      expect(userErrors).toEqual([]);
    }
    const missing = read("-run-mutation-no-such-file-precedence").find(
      ({ name }) => name === "missingRun",
    );
    const [replayed] = await replayIn(place, [missing!]);
    expect(replayed?.actual).toEqual(replayed?.expected);
  });

  it("has the recorded response for an empty file", async () => {
    const place = waitingPlace();
    const target = await stageTarget(place, "PUT");
    const put = new Request(target.url, { method: "PUT", body: "" });
    expect((await bulkFiles(place.store, put))?.status).toBe(200);
    const run = read("-run-mutation-empty-file").find(({ name }) => name === "run");
    const path = decodeURIComponent(new URL(target.url).pathname.replace("/staged-uploads/", ""));
    const [replayed] = await replayIn(place, [{ ...run!, variables: { ...run!.variables, path } }]);
    expect(replayed?.actual).toEqual(replayed?.expected);
  });

  it("has the recorded response for an operation as it is made", async () => {
    const place = waitingPlace();
    const exchanges = read("-run-mutation-created-status");
    const run = exchanges.find(({ name }) => name === "run")!;
    const current = exchanges.find(({ name }) => name === "currentAfterRun")!;
    const path = await upload(place, [{ product: { title: "Bulk" } }]);
    const replayed = await replayIn(place, [
      { ...run, variables: { ...run.variables, path } },
      current,
    ]);
    for (const { name, expected, actual } of replayed) expect(actual, name).toEqual(expected);
  });

  it("has the recorded response for a file above 100 MB", async () => {
    const place = waitingPlace();
    const run = read("-run-mutation-file-size").find(({ name }) => name === "oversizedRun");
    const line = JSON.stringify({ product: { title: "x".repeat(2 ** 20) } });
    const path = await upload(place, Array<unknown>(101).fill(JSON.parse(line)));
    const [replayed] = await replayIn(place, [{ ...run!, variables: { ...run!.variables, path } }]);
    expect(replayed?.actual).toEqual(replayed?.expected);
  }, 30_000);

  it("names the fields of an upload form in the recorded order", async () => {
    const { parameters } = await stageTarget(bulkPlace(), "POST");
    const [recorded] = read("-run-mutation-created-status");
    const { stagedUploadsCreate } = recorded!.answer.data as {
      stagedUploadsCreate: { stagedTargets: { parameters: { name: string }[] }[] };
    };
    const names = stagedUploadsCreate.stagedTargets[0]!.parameters.map(({ name }) => name);
    expect(parameters.map(({ name }) => name)).toEqual(names);
  });
});
