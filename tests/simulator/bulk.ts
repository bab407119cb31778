import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { bulkFiles } from "#simulator/bulk/files.ts";
import { createClock } from "#simulator/clock.ts";
import type { SimCustomer, SimOrder, Store } from "#simulator/state.ts";

import { ask, type Place } from "./ask.ts";
import { sampleStore, shopOf } from "./sample-shop.ts";

/** A shop with its own folder for files and a running clock. */
export function bulkPlace(
  contents: { customers?: SimCustomer[]; orders?: SimOrder[] } = {},
): Place {
  const store: Store = {
    ...sampleStore(new Date()),
    clock: createClock({ start: new Date("2026-07-04T23:47:25Z") }),
  };
  store.settings.dataDirectory = mkdtempSync(join(tmpdir(), "simulator-bulk-"));
  const { customers = [], orders = [] } = contents;
  return { store, shop: shopOf({ customers, orders, store }) };
}

const targets = `mutation Stage($method: StagedUploadHttpMethodType!) {
  stagedUploadsCreate(
    input: [{ resource: BULK_MUTATION_VARIABLES, filename: "a.jsonl", mimeType: "text/jsonl", httpMethod: $method }]
  ) { stagedTargets { url resourceUrl parameters { name value } } userErrors { field message } }
}`;

type Target = { url: string; resourceUrl: string; parameters: { name: string; value: string }[] };

export async function stageTarget(place: Place, method: "POST" | "PUT"): Promise<Target> {
  const { data } = await ask(place, targets, { method });
  const payload = data as { stagedUploadsCreate: { stagedTargets: Target[] } };
  return payload.stagedUploadsCreate.stagedTargets[0]!;
}

/** Stages and uploads lines as a form, and returns the `stagedUploadPath`. */
export async function upload(place: Place, lines: readonly unknown[]): Promise<string> {
  const target = await stageTarget(place, "POST");
  const form = new FormData();
  for (const { name, value } of target.parameters) form.append(name, value);
  const text = lines
    .map((line) => (typeof line === "string" ? line : JSON.stringify(line)))
    .join("\n");
  form.append("file", new Blob([text]), "a.jsonl");
  const response = await bulkFiles(
    place.store,
    new Request(target.url, { method: "POST", body: form }),
  );
  if (response?.status !== 201) throw new Error(`The upload was answered ${response?.status}`);
  return target.parameters.find(({ name }) => name === "key")!.value;
}

type Finished = {
  id: string;
  status: string;
  type: string;
  errorCode: string | null;
  completedAt: string | null;
  objectCount: string;
  rootObjectCount: string;
  fileSize: string | null;
  url: string | null;
  partialDataUrl: string | null;
};

const fields =
  "id status type errorCode createdAt completedAt objectCount rootObjectCount fileSize url partialDataUrl query";

/** Polls in real time until the operation has ended. */
export async function awaitEnd(place: Place, id: string): Promise<Finished> {
  for (let polls = 0; polls < 500; polls += 1) {
    const { data } = await ask(
      place,
      `query Poll($id: ID!) { bulkOperation(id: $id) { ${fields} } }`,
      { id },
    );
    const { bulkOperation } = data as { bulkOperation: Finished };
    if (!["CREATED", "RUNNING", "CANCELING"].includes(bulkOperation.status)) return bulkOperation;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`Bulk operation ${id} does not end`);
}

type Started = {
  bulkOperation: Finished | null;
  userErrors: { field: string[] | null; message: string; code: string | null }[];
};

export async function startQuery(
  place: Place,
  query: string,
  groupObjects = false,
): Promise<Started> {
  const document = `mutation Run($query: String!, $groupObjects: Boolean!) {
    bulkOperationRunQuery(query: $query, groupObjects: $groupObjects) {
      bulkOperation { ${fields} } userErrors { field message code }
    }
  }`;
  const { data, errors } = await ask(place, document, { query, groupObjects });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return (data as { bulkOperationRunQuery: Started }).bulkOperationRunQuery;
}

export async function startMutation(
  place: Place,
  mutation: string,
  path: string,
): Promise<Started> {
  const document = `mutation Run($mutation: String!, $path: String!) {
    bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) {
      bulkOperation { ${fields} } userErrors { field message code }
    }
  }`;
  const { data } = await ask(place, document, { mutation, path });
  return (data as { bulkOperationRunMutation: Started }).bulkOperationRunMutation;
}

/** The text behind a result URL. */
export async function download({ store }: Place, url: string): Promise<string> {
  const response = await bulkFiles(store, new Request(url));
  if (response?.status !== 200) throw new Error(`The result was answered ${response?.status}`);
  return response.text();
}

/** Runs a query to its end and returns the objects of its result. */
export async function runQuery(place: Place, query: string, groupObjects = false) {
  const { bulkOperation, userErrors } = await startQuery(place, query, groupObjects);
  if (bulkOperation === null) throw new Error(JSON.stringify(userErrors));
  const finished = await awaitEnd(place, bulkOperation.id);
  const text = finished.url === null ? "" : await download(place, finished.url);
  const lines = text === "" ? [] : text.trimEnd().split("\n");
  return {
    finished,
    text,
    objects: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
