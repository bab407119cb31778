import { readFile } from "node:fs/promises";

import { parse } from "smol-toml";
import { z } from "zod";

/** A subscription of the app's configuration, for one topic. */
export type Subscription = {
  topic: string;
  /** A path of the app, or a full URL. */
  uri: string;
  /** Only these members of the body are sent; undefined sends all. */
  includeFields: string[] | undefined;
  name: string | undefined;
};

const config = z.object({
  webhooks: z
    .object({
      subscriptions: z
        .array(
          z.object({
            topics: z.array(z.string()).default([]),
            compliance_topics: z.array(z.string()).default([]),
            uri: z.string(),
            include_fields: z.array(z.string()).optional(),
            name: z.string().optional(),
          }),
        )
        .default([]),
    })
    .default({ subscriptions: [] }),
});

/** Reads `[[webhooks.subscriptions]]` of a `shopify.app.toml`; throws if the file is invalid. */
export async function readSubscriptions(path: string): Promise<Subscription[]> {
  return parseSubscriptions(await readFile(path, "utf8"));
}

export function parseSubscriptions(text: string): Subscription[] {
  const { webhooks } = config.parse(parse(text));
  return webhooks.subscriptions.flatMap((entry) =>
    [...entry.topics, ...entry.compliance_topics].map((topic) => ({
      topic,
      uri: entry.uri,
      includeFields: fieldsFor(topic, entry.include_fields),
      name: entry.name,
    })),
  );
}

/** Shopify sends complete bodies for the privacy topics; an empty list means all fields. */
function fieldsFor(topic: string, named: string[] | undefined): string[] | undefined {
  return privacyTopics.has(topic) || named?.length === 0 ? undefined : named;
}

const privacyTopics = new Set(["customers/data_request", "customers/redact", "shop/redact"]);

/** Keeps the named members; `customer.id` names one of a nested object or of each item of a list. */
export function onlyFields(body: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(body)) return body.map((item) => onlyFields(item, fields));
  if (typeof body !== "object" || body === null) return body;
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(body)) {
    if (fields.includes(key)) {
      kept[key] = value;
      continue;
    }
    const inner = fields.flatMap((field) =>
      field.startsWith(`${key}.`) ? [field.slice(key.length + 1)] : [],
    );
    if (inner.length > 0) kept[key] = onlyFields(value, inner);
  }
  return kept;
}
