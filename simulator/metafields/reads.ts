import { createHash } from "node:crypto";

import { ofType, type RequestContext, type ResolverMap } from "#simulator/graphql/resolver-map.ts";
import { definitionOf } from "#simulator/metafields/definition-lookup.ts";
import {
  canonicalNamespace,
  metafieldKey,
  ofAnotherApp,
} from "#simulator/metafields/namespaces.ts";
import { type Owner, ownerTypeOf } from "#simulator/metafields/owners.ts";
import type { SortedPageArguments } from "#simulator/resolvers/connection.ts";
import { childConnection } from "#simulator/resolvers/listing.ts";
import { gid, type SimApp, type SimMetafield } from "#simulator/state.ts";

/** A metafield as the API returns it, with its owner. */
export type OwnedMetafield = { metafield: SimMetafield; owner: Owner };

/** `metafield(namespace, key)` of an owner; those of other apps are hidden. */
export function ownerMetafield(
  owner: Owner,
  { namespace, key }: { namespace?: string | null; key: string },
  { store }: RequestContext,
): OwnedMetafield | null {
  // The key may also contain `namespace.key`.
  const [prefix, ...rest] = key.split(".");
  const joined = (namespace === null || namespace === undefined) && rest.length > 0;
  const canonical = canonicalNamespace(store.app, joined ? prefix : namespace);
  if (ofAnotherApp(store.app, canonical)) return null;
  const metafield = owner.metafields.get(metafieldKey(canonical, joined ? rest.join(".") : key));
  return metafield === undefined ? null : owned(metafield, owner);
}

export function ownerMetafields(
  owner: Owner,
  args: SortedPageArguments & { namespace?: string | null; keys?: string[] | null },
  context: RequestContext,
) {
  const { app } = context.store;
  const named = args.keys ? new Set(args.keys.map((name) => canonicalName(app, name))) : undefined;
  const only =
    typeof args.namespace === "string" ? canonicalNamespace(app, args.namespace) : undefined;
  const seen = [...owner.metafields.values()]
    .filter((metafield) => !ofAnotherApp(app, metafield.namespace))
    .filter((metafield) => only === undefined || metafield.namespace === only)
    .filter(({ namespace, key }) => named?.has(metafieldKey(namespace, key)) ?? true)
    .map((metafield) => owned(metafield, owner));
  return childConnection(seen, { args, context }, ({ metafield }) => metafield.id);
}

/** `namespace.key`, the key of stored metafields. */
function canonicalName(app: SimApp, name: string): string {
  const dot = name.lastIndexOf(".");
  return metafieldKey(
    canonicalNamespace(app, name.slice(0, Math.max(dot, 0))),
    name.slice(dot + 1),
  );
}

export function owned(metafield: SimMetafield, owner: Owner): OwnedMetafield {
  return { metafield, owner };
}

/** Changes with the value: compared with `compareDigest` of a later write. */
export function compareDigest({ id, type, value }: SimMetafield): string {
  return createHash("sha256").update(`${id}\n${type}\n${value}`).digest("hex");
}

export const metafieldReads: ResolverMap = {
  Metafield: {
    id: ({ metafield }: OwnedMetafield) => gid("Metafield", metafield.id),
    legacyResourceId: ({ metafield }: OwnedMetafield) => metafield.id,
    namespace: ({ metafield }: OwnedMetafield) => metafield.namespace,
    key: ({ metafield }: OwnedMetafield) => metafield.key,
    type: ({ metafield }: OwnedMetafield) => metafield.type,
    value: ({ metafield }: OwnedMetafield) => metafield.value,
    jsonValue: ({ metafield }: OwnedMetafield) => jsonValue(metafield),
    createdAt: ({ metafield }: OwnedMetafield) => metafield.createdAt,
    updatedAt: ({ metafield }: OwnedMetafield) => metafield.updatedAt,
    sizeInBytes: ({ metafield }: OwnedMetafield) => Buffer.byteLength(metafield.value),
    compareDigest: ({ metafield }: OwnedMetafield) => compareDigest(metafield),
    owner: ({ owner }: OwnedMetafield) => ofType(owner.object, owner.type),
    ownerType: ({ owner }: OwnedMetafield) => ownerTypeOf(owner),
    definition: ({ metafield, owner }: OwnedMetafield, _, { shop }) =>
      definitionOf(shop, { ...metafield, ownerType: ownerTypeOf(owner) }) ?? null,
  },
};

const jsonTypes = /^(list\.|number_integer$|json$|money$|rating$|dimension$|weight$|volume$|link$)/;

function jsonValue({ type, value }: SimMetafield): unknown {
  // False is returned as a string (recorded).
  if (type === "boolean") return value === "true" ? true : value;
  return jsonTypes.test(type) ? (JSON.parse(value) as unknown) : value;
}
