import { z } from "zod";

import { numberIn } from "#app/lib/ids.ts";
import { readJson } from "#app/lib/line-splitter.ts";

/** A customer's tags, or one metafield of a customer. */
export type TaggedCustomer =
  { customerId: string; tags: string[] } | { customerId: string; key: string; value: string };

const tagged = z.object({ id: z.string(), tags: z.array(z.string()) });
const metafield = z.object({ __parentId: z.string(), key: z.string(), value: z.string() });
const line = z.union([metafield, tagged]);

/** Reads a line of the search by tags. @returns null when it cannot be read */
export function readTaggedCustomer(text: string): TaggedCustomer | null {
  const { data: read } = line.safeParse(readJson(text));
  if (read === undefined) return null;
  const customerId = numberIn("Customer", "tags" in read ? read.id : read.__parentId);
  if (customerId === null) return null;
  return "tags" in read
    ? { customerId, tags: read.tags }
    : { customerId, key: read.key, value: read.value };
}

const named = z.object({ id: z.string() });

/**
 * Reads the carrier of a tag from a line of the search. The tag itself is compared, since the
 * search may take characters in it for its own syntax; where the tags cannot be read, the search is
 * trusted.
 *
 * @returns null for a customer without the tag; undefined when the customer cannot be read
 */
export function readCarrier(text: string, tag: string): string | null | undefined {
  const parsed = readJson(text);
  const customerId = numberIn("Customer", named.safeParse(parsed).data?.id);
  if (customerId === null) return undefined;
  const { data: read } = tagged.safeParse(parsed);
  const carries = read?.tags.some((each) => each.toLowerCase() === tag.toLowerCase()) ?? true;
  return carries ? customerId : null;
}
