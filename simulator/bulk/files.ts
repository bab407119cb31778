import { createReadStream } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";

import { uploadAnswer } from "#simulator/bulk/upload.ts";
import type { SimBulkOperation, SimShop, Store } from "#simulator/state.ts";

/** How long results can be downloaded. */
const resultDays = 7;

export function resultPath(store: Store, shop: SimShop, operation: SimBulkOperation): string {
  return join(store.settings.dataDirectory, shop.handle, `bulk-${operation.id}.jsonl`);
}

/** An unguessable URL that contains its expiry, as a signed one would. */
export function resultUrl(store: Store, shop: SimShop, operation: SimBulkOperation): string {
  const expires = Math.floor(store.clock.now().getTime() / 1000) + resultDays * 86_400;
  const path = `/bulk-results/${shop.handle}/bulk-${operation.id}.jsonl`;
  return `${store.settings.origin}${path}?Expires=${expires}&Signature=${store.random.hex(40)}`;
}

export async function makeDataDirectory(store: Store, shop: SimShop): Promise<void> {
  await mkdir(join(store.settings.dataDirectory, shop.handle), { recursive: true });
}

/** Handles staged uploads and result downloads; null for any other path. */
export async function bulkFiles(store: Store, request: Request): Promise<Response | null> {
  const url = new URL(request.url);
  if (url.pathname.startsWith("/staged-uploads")) return uploadAnswer(store, request);
  const match = /^\/bulk-results\/([\w-]+)\/bulk-(\d+)\.jsonl$/.exec(url.pathname);
  if (match === null) return null;
  const [, handle = "", id = ""] = match;
  const shop = store.shops.get(`${handle}.myshopify.com`);
  const operation = shop?.bulkOperations.get(id);
  const signed = new URL(operation?.url ?? operation?.partialDataUrl ?? "none:");
  const given = url.searchParams.get("Signature");
  const expired = Number(url.searchParams.get("Expires")) * 1000 <= store.clock.now().getTime();
  if (shop === undefined || operation === undefined || expired) return denied();
  if (given === null || given !== signed.searchParams.get("Signature")) return denied();
  const path = resultPath(store, shop, operation);
  const { size } = await stat(path);
  const file = store.faults.takes("cutDownload")
    ? Readable.from(brokenOff(path, size))
    : createReadStream(path);
  return new Response(Readable.toWeb(file) as ReadableStream<Uint8Array>, {
    headers: { "content-type": "application/jsonl", "content-length": String(size) },
  });
}

async function* brokenOff(path: string, size: number): AsyncGenerator<Buffer> {
  const half = createReadStream(path, { end: Math.floor(size / 2) });
  for await (const chunk of half) yield chunk as Buffer;
  throw new Error("A fault was asked for");
}

function denied(): Response {
  const body = "<?xml version='1.0' encoding='UTF-8'?><Error><Code>AccessDenied</Code></Error>";
  return new Response(body, { status: 403, headers: { "content-type": "application/xml" } });
}
