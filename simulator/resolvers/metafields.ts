import type { RequestContext, ResolverMap } from "#simulator/graphql/resolver-map.ts";
import { eligibility } from "#simulator/metafields/capabilities.ts";
import {
  createDefinition,
  type DefinitionError,
  type DefinitionInput,
  updateDefinition,
} from "#simulator/metafields/define.ts";
import { deleteMetafields, type MetafieldIdentifier } from "#simulator/metafields/delete.ts";
import {
  canonicalNamespace,
  metafieldKey,
  ofAnotherApp,
} from "#simulator/metafields/namespaces.ts";
import { metafieldsOfType } from "#simulator/metafields/owners.ts";
import { type MetafieldInput, setMetafields } from "#simulator/metafields/set.ts";
import { categoryOf } from "#simulator/metafields/types.ts";
import {
  type DefinitionReference,
  deleteDefinition,
  type DeleteDefinitionArguments,
  findDefinition,
} from "#simulator/metafields/undefine.ts";
import type { SortedPageArguments } from "#simulator/resolvers/connection.ts";
import { type Listing, listingConnection } from "#simulator/resolvers/listing.ts";
import { gid, type SimMetafieldDefinition, type SimShop } from "#simulator/state.ts";

type ListArguments = SortedPageArguments & {
  ownerType: string;
  namespace?: string | null;
  key?: string | null;
  pinnedStatus?: "ANY" | "PINNED" | "UNPINNED" | null;
};

function listing(
  args: ListArguments,
  { store, shop }: RequestContext,
): Listing<SimMetafieldDefinition> {
  const { app } = store;
  const namespace =
    typeof args.namespace === "string" ? canonicalNamespace(app, args.namespace) : undefined;
  const wanted = (definition: SimMetafieldDefinition) =>
    definition.ownerType === args.ownerType &&
    !ofAnotherApp(app, definition.namespace) &&
    (namespace === undefined || definition.namespace === namespace) &&
    (typeof args.key !== "string" || definition.key === args.key) &&
    (args.pinnedStatus !== "PINNED" || definition.pinnedPosition !== null) &&
    (args.pinnedStatus !== "UNPINNED" || definition.pinnedPosition === null);
  return {
    name: "metafieldDefinitions",
    items: () => [...shop.metafieldDefinitions.values()].filter(wanted),
    id: (definition) => definition.id,
    defaultSortKey: "ID",
    sortValues: {
      ID: (definition) => Number(definition.id),
      NAME: (definition) => definition.name,
      PINNED_POSITION: (definition) => definition.pinnedPosition ?? 0,
      RELEVANCE: (definition) => Number(definition.id),
    },
    search: {
      text: (definition) => [definition.name, definition.namespace, definition.key],
      fields: {
        id: { kind: "number", get: (definition) => Number(definition.id) },
        key: { kind: "text", get: (definition) => definition.key },
        namespace: { kind: "text", get: (definition) => definition.namespace },
        type: { kind: "text", get: (definition) => definition.type },
      },
    },
  };
}

function countValues(definition: SimMetafieldDefinition, shop: SimShop): number {
  const place = metafieldKey(definition.namespace, definition.key);
  let count = 0;
  for (const metafields of metafieldsOfType(shop, definition.ownerType)) {
    if (metafields.has(place)) count += 1;
  }
  return count;
}

function payload(
  name: "createdDefinition" | "updatedDefinition",
  result: { definition: SimMetafieldDefinition } | { errors: DefinitionError[] },
) {
  return "errors" in result
    ? { [name]: null, userErrors: result.errors, validationJob: null }
    : { [name]: result.definition, userErrors: [], validationJob: null };
}

function capabilitiesView(definition: SimMetafieldDefinition) {
  const { capabilities } = definition;
  const eligible = eligibility(definition);
  return {
    adminFilterable: {
      enabled: capabilities.adminFilterable,
      eligible: eligible.adminFilterable,
      status: capabilities.adminFilterable ? "FILTERABLE" : "NOT_FILTERABLE",
    },
    smartCollectionCondition: {
      enabled: capabilities.smartCollectionCondition,
      eligible: eligible.smartCollectionCondition,
    },
    uniqueValues: { enabled: capabilities.uniqueValues, eligible: eligible.uniqueValues },
  };
}

export const metafields: ResolverMap = {
  QueryRoot: {
    metafieldDefinition: (_: null, args: DefinitionReference, context) =>
      findDefinition(args, context) ?? null,
    metafieldDefinitions: (_: null, args: ListArguments, context) =>
      listingConnection(listing(args, context), args, context),
  },
  Mutation: {
    metafieldDefinitionCreate: (
      _: null,
      { definition }: { definition: DefinitionInput },
      context,
    ) => payload("createdDefinition", createDefinition(definition, context)),
    metafieldDefinitionUpdate: (
      _: null,
      { definition }: { definition: DefinitionInput },
      context,
    ) => payload("updatedDefinition", updateDefinition(definition, context)),
    metafieldDefinitionDelete: (_: null, args: DeleteDefinitionArguments, context) =>
      deleteDefinition(args, context),
    metafieldsSet: (_: null, args: { metafields: MetafieldInput[] }, context) =>
      setMetafields(args.metafields, context),
    metafieldsDelete: (_: null, args: { metafields: MetafieldIdentifier[] }, context) =>
      deleteMetafields(args.metafields, context),
  },
  MetafieldDefinition: {
    id: (definition: SimMetafieldDefinition) => gid("MetafieldDefinition", definition.id),
    type: ({ type }: SimMetafieldDefinition) => ({ name: type, category: categoryOf(type) }),
    capabilities: (definition: SimMetafieldDefinition) => capabilitiesView(definition),
    metafieldsCount: (definition: SimMetafieldDefinition, _, { shop }) =>
      countValues(definition, shop),
    validationStatus: () => "ALL_VALID",
    constraints: () => null,
    standardTemplate: () => null,
    useAsCollectionCondition: () => false,
  },
};
