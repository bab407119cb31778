import { resourceNotFound } from "#simulator/graphql/errors.ts";

type Gid = { type: string; id: string };

/** The parts of `gid://shopify/Customer/1`; undefined if it is not a gid. Parameters after `?` are dropped. */
export function parseGid(text: string): Gid | undefined {
  const match = /^gid:\/\/shopify\/([A-Za-z]+)\/([A-Za-z0-9_-]+)(?:\?.*)?$/.exec(text);
  const [, type, id] = match ?? [];
  return type === undefined || id === undefined ? undefined : { type, id };
}

/** The number in a gid that must be of `type`; throws RESOURCE_NOT_FOUND for another type. */
export function idOf(text: string, type: string, message = `Invalid id: ${text}`): string {
  const parsed = parseGid(text);
  if (parsed?.type !== type) throw resourceNotFound(message);
  return parsed.id;
}
