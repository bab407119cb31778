import { gunzipSync, gzipSync } from "node:zlib";

import { toGid } from "#app/lib/ids.ts";
import {
  type MetafieldKey,
  metafieldNamespace,
  metafieldTypes,
  type MetafieldValues,
} from "#app/writeback/plan/metafields.ts";
import type { BatchKind, Line, Write } from "#app/writeback/plan/writes.ts";

/** The compressed lines of a batch, which are stored until its result was read. */
export function packLines(lines: readonly Line[]): Uint8Array<ArrayBuffer> {
  const packed = gzipSync(lines.map((line) => JSON.stringify(line)).join("\n"), { level: 1 });
  return new Uint8Array(packed);
}

/** The lines in the order in which they were sent. */
export function* eachLine(packed: Uint8Array): Generator<Line> {
  const text = gunzipSync(packed).toString("utf8");
  for (let start = 0; start < text.length;) {
    const end = text.indexOf("\n", start);
    yield JSON.parse(text.slice(start, end === -1 ? undefined : end)) as Line;
    start = end === -1 ? text.length : end + 1;
  }
}

export function unpackLines(packed: Uint8Array): Line[] {
  return [...eachLine(packed)];
}

/** The variables of one call, which are one line of the uploaded file. */
export function variablesOf(kind: BatchKind, line: Line): Record<string, unknown> {
  switch (kind) {
    case "tags-add":
      return tagVariables(line, (write) => write.add ?? []);
    case "tags-remove":
      return tagVariables(line, (write) => write.remove ?? []);
    case "metafields-set":
      return { metafields: line.flatMap((write) => metafieldsToSet(write.customerId, write.set)) };
    case "metafields-delete":
      return {
        metafields: line.flatMap((write) => metafieldsToDelete(write.customerId, write.unset)),
      };
  }
}

export type MetafieldToSet = MetafieldToDelete & { type: string; value: string };
export type MetafieldToDelete = { ownerId: string; namespace: string; key: string };

export function metafieldsToSet(customerId: string, set: MetafieldValues = {}): MetafieldToSet[] {
  const keys = Object.keys(set) as MetafieldKey[];
  return keys.flatMap((key) => {
    const value = set[key];
    if (value === undefined) return [];
    return [{ ...identifierOf(customerId, key), type: metafieldTypes[key], value }];
  });
}

export function metafieldsToDelete(
  customerId: string,
  unset: readonly MetafieldKey[] = [],
): MetafieldToDelete[] {
  return unset.map((key) => identifierOf(customerId, key));
}

function identifierOf(customerId: string, key: MetafieldKey): MetafieldToDelete {
  return { ownerId: toGid("Customer", customerId), namespace: metafieldNamespace, key };
}

function tagVariables(line: Line, tagsOf: (write: Write) => string[]) {
  const [write] = line;
  if (!write) throw new Error("A line of a tag batch names no customer");
  return { id: toGid("Customer", write.customerId), tags: tagsOf(write) };
}
