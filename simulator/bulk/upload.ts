import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

import busboy from "busboy";

import type { SimStagedUpload, Store } from "#simulator/state.ts";

/** A complete upload: the form's fields, and where its file is. */
type Received = { fields: Map<string, string>; bytes: number; path: string };

/** The bucket behind `stagedUploadsCreate`: a multipart POST with every parameter before the file, or a PUT. */
export async function uploadAnswer(store: Store, request: Request): Promise<Response> {
  if (store.faults.takes("failUpload")) return refusal(503, "SlowDown");
  if (request.method === "PUT") return putUpload(store, request);
  if (request.method !== "POST") return refusal(405, "MethodNotAllowed");
  const received = await receive(store, request);
  if (received === undefined) return refusal(400, "MalformedPOSTRequest");
  const upload = findUpload(store, received.fields.get("key") ?? "");
  if (upload === undefined || received.fields.get("policy") !== policyOf(upload)) {
    await rm(received.path, { force: true });
    return refusal(403, "AccessDenied");
  }
  upload.path = received.path;
  upload.bytes = received.bytes;
  const body = `<?xml version='1.0' encoding='UTF-8'?><PostResponse><Key>${upload.key}</Key></PostResponse>`;
  return new Response(body, { status: 201, headers: { "content-type": "application/xml" } });
}

/** Takes the place of a real bucket's signature: only the client that requested the target has it. */
export function policyOf(upload: SimStagedUpload): string {
  return Buffer.from(JSON.stringify({ key: upload.key })).toString("base64");
}

async function putUpload(store: Store, request: Request): Promise<Response> {
  const key = decodeURIComponent(new URL(request.url).pathname.slice("/staged-uploads/".length));
  const upload = findUpload(store, key);
  if (upload === undefined) return refusal(403, "AccessDenied");
  const body = Buffer.from(await request.arrayBuffer());
  const path = await newFile(store);
  await pipeline(Readable.from([body]), createWriteStream(path));
  upload.path = path;
  upload.bytes = body.length;
  return new Response(null, { status: 200 });
}

function findUpload(store: Store, key: string): SimStagedUpload | undefined {
  for (const shop of store.shops.values()) {
    const upload = shop.stagedUploads.get(key);
    if (upload !== undefined) return upload;
  }
  return undefined;
}

async function newFile(store: Store): Promise<string> {
  const path = join(store.settings.dataDirectory, "uploads", `${store.random.uuid()}.jsonl`);
  await mkdir(dirname(path), { recursive: true });
  return path;
}

async function receive(store: Store, request: Request): Promise<Received | undefined> {
  const type = request.headers.get("content-type") ?? "";
  if (!type.startsWith("multipart/form-data") || request.body === null) return undefined;
  const path = await newFile(store);
  const form = busboy({ headers: { "content-type": type } });
  const fields = new Map<string, string>();
  let bytes = 0;
  let written: Promise<void> | undefined;
  form.on("field", (name, value) => fields.set(name, value));
  form.on("file", (name, file) => {
    if (name !== "file" || written !== undefined) {
      file.resume();
      return;
    }
    file.on("data", (chunk: Buffer) => (bytes += chunk.length));
    written = pipeline(file, createWriteStream(path));
  });
  await pipeline(Readable.fromWeb(request.body as NodeReadableStream<Uint8Array>), form);
  await written;
  return written === undefined ? undefined : { fields, bytes, path };
}

function refusal(status: number, code: string): Response {
  const body = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code></Error>`;
  return new Response(body, { status, headers: { "content-type": "application/xml" } });
}
