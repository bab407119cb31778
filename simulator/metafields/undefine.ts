import type { RequestContext } from "#simulator/graphql/resolver-map.ts";
import { checkAccess } from "#simulator/metafields/define.ts";
import { definitionOf } from "#simulator/metafields/definition-lookup.ts";
import { canonicalNamespace, metafieldKey, ofThisApp } from "#simulator/metafields/namespaces.ts";
import { metafieldsOfType } from "#simulator/metafields/owners.ts";
import { idOf } from "#simulator/resolvers/gids.ts";
import { gid, type SimMetafieldDefinition } from "#simulator/state.ts";

export type DefinitionReference = {
  id?: string | null;
  identifier?: { ownerType: string; namespace?: string | null; key: string } | null;
};

export function findDefinition(
  { id, identifier }: DefinitionReference,
  { store, shop }: RequestContext,
): SimMetafieldDefinition | undefined {
  if (typeof id === "string") return shop.metafieldDefinitions.get(idOf(id, "MetafieldDefinition"));
  if (!identifier) return undefined;
  const namespace = canonicalNamespace(store.app, identifier.namespace);
  return definitionOf(shop, { ...identifier, namespace });
}

export type DeleteDefinitionArguments = DefinitionReference & {
  deleteAllAssociatedMetafields?: boolean;
};

/** With or without the values; in an app's own namespace always with the values. */
export function deleteDefinition(args: DeleteDefinitionArguments, context: RequestContext) {
  const { store, shop } = context;
  const refused = (field: string[] | null, message: string, code: string) => ({
    deletedDefinitionId: null,
    deletedDefinition: null,
    userErrors: [{ field, message, code }],
  });
  const definition = findDefinition(args, context);
  if (definition === undefined) return refused(["id"], "Definition not found.", "NOT_FOUND");
  checkAccess("metafieldDefinitionDelete", definition, context);
  const withValues = args.deleteAllAssociatedMetafields === true;
  if (!withValues && ofThisApp(store.app, definition.namespace)) {
    const message =
      "Deleting a definition in a reserved namespace must have deleteAllAssociatedMetafields set to true.";
    return refused(null, message, "RESERVED_NAMESPACE_ORPHANED_METAFIELDS");
  }
  shop.metafieldDefinitions.delete(definition.id);
  const { ownerType, namespace, key } = definition;
  if (withValues) {
    for (const metafields of metafieldsOfType(shop, ownerType)) {
      metafields.delete(metafieldKey(namespace, key));
    }
  }
  return {
    deletedDefinitionId: gid("MetafieldDefinition", definition.id),
    deletedDefinition: { ownerType, namespace, key },
    userErrors: [],
  };
}
