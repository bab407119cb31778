import { accessDenied } from "#simulator/graphql/errors.ts";
import type { RequestContext } from "#simulator/graphql/resolver-map.ts";
import { definitionOf } from "#simulator/metafields/definition-lookup.ts";
import { canonicalNamespace, ofAnotherApp, ofThisApp } from "#simulator/metafields/namespaces.ts";
import { writeScopeOf } from "#simulator/metafields/owners.ts";
import { nameProblem } from "#simulator/metafields/set.ts";
import { isFilterable, isKnownType } from "#simulator/metafields/types.ts";
import type { SimMetafieldDefinition, SimShop } from "#simulator/state.ts";

type Enabled = { enabled: boolean };

export type DefinitionInput = {
  name?: string | null;
  namespace?: string | null;
  key: string;
  ownerType: string;
  type?: string;
  description?: string | null;
  pin?: boolean | null;
  validations?: { name: string; value: string }[] | null;
  access?: { admin?: string; storefront?: string; customerAccount?: string } | null;
  capabilities?: {
    adminFilterable?: Enabled | null;
    smartCollectionCondition?: Enabled | null;
    uniqueValues?: Enabled | null;
  } | null;
};

export type DefinitionError = { field: string[]; message: string; code: string };

type Result = { definition: SimMetafieldDefinition } | { error: DefinitionError };

const mostDefinitions = 256;
const mostPinned = 50;
const mostFilterable = 50;
const access =
  "API client to have access to the namespace and the resource type associated with the metafield definition.\n";

function fail(part: string[], message: string, code: string): { error: DefinitionError } {
  return { error: { field: ["definition", ...part], message, code } };
}

/** Throws ACCESS_DENIED for other apps' namespaces, Shopify's own, and owners the token may not write. */
export function checkAccess(
  field: string,
  { namespace, ownerType }: { namespace: string; ownerType: string },
  { store, scopes }: RequestContext,
): void {
  const scope = writeScopeOf(ownerType);
  const closed = namespace === "shopify" || ofAnotherApp(store.app, namespace);
  if (closed || (scope !== undefined && !scopes.has(scope))) throw accessDenied(field, access);
}

export function createDefinition(input: DefinitionInput, context: RequestContext): Result {
  const { store, shop } = context;
  const namespace = canonicalNamespace(store.app, input.namespace);
  checkAccess("metafieldDefinitionCreate", { namespace, ownerType: input.ownerType }, context);
  const named = nameProblem(namespace, input.key);
  if (named !== undefined)
    return fail([named.part], named.message, named.code ?? "RESERVED_NAMESPACE_KEY");
  const { type = "", ownerType, key } = input;
  if (!isKnownType(type)) {
    return fail(["type"], `Type name ${type} is not a valid type.`, "INCLUSION");
  }
  if (definitionOf(shop, { ownerType, namespace, key }) !== undefined) {
    const owner = ownerType.charAt(0) + ownerType.slice(1).toLowerCase();
    const message = `Key is in use for ${owner} metafields on the '${namespace}' namespace.`;
    return fail(["key"], message, "TAKEN");
  }
  const wrong = inputProblem(input, { namespace, type, code: "INVALID" }, context);
  if (wrong !== undefined) return { error: wrong };
  if (ofOwner(shop, ownerType).length >= mostDefinitions) {
    const message = `Stores can only have ${mostDefinitions} definitions for each store resource.`;
    return fail([], message, "RESOURCE_TYPE_LIMIT_EXCEEDED");
  }
  const definition: SimMetafieldDefinition = {
    id: store.nextId(),
    name: input.name ?? "",
    namespace,
    key,
    ownerType,
    type,
    description: input.description ?? null,
    pinnedPosition: input.pin === true ? nextPin(shop, ownerType) : null,
    validations: input.validations ?? [],
    access: {
      admin: "PUBLIC_READ_WRITE",
      storefront: "NONE",
      customerAccount: "NONE",
      ...input.access,
    },
    capabilities: capabilitiesOf(input),
  };
  shop.metafieldDefinitions.set(definition.id, definition);
  return { definition };
}

export function updateDefinition(input: DefinitionInput, context: RequestContext): Result {
  const { store, shop } = context;
  const namespace = canonicalNamespace(store.app, input.namespace);
  checkAccess("metafieldDefinitionUpdate", { namespace, ownerType: input.ownerType }, context);
  const definition = definitionOf(shop, { ...input, namespace });
  if (definition === undefined) return fail([], "Definition not found.", "NOT_FOUND");
  const place = { namespace, type: definition.type, code: "INVALID_INPUT" };
  const wrong = inputProblem(input, place, context);
  if (wrong !== undefined) return { error: wrong };
  if (typeof input.name === "string") definition.name = input.name;
  if (input.description !== undefined) definition.description = input.description;
  if (input.validations) definition.validations = input.validations;
  if (input.access) definition.access = { ...definition.access, ...input.access };
  if (input.capabilities) definition.capabilities = capabilitiesOf(input, definition.capabilities);
  if (input.pin === false) definition.pinnedPosition = null;
  if (input.pin === true) definition.pinnedPosition ??= nextPin(shop, definition.ownerType);
  return { definition };
}

/** What create and update check alike: access controls, capabilities, pins. */
function inputProblem(
  input: DefinitionInput,
  { namespace, type, code }: { namespace: string; type: string; code: string },
  { store, shop }: RequestContext,
): DefinitionError | undefined {
  if (input.access?.admin !== undefined && !ofThisApp(store.app, namespace)) {
    const message =
      'Setting this access control is not permitted. It must be one of ["public_read_write"].';
    return { field: ["definition"], message, code };
  }
  const others = ofOwner(shop, input.ownerType).filter(({ key }) => key !== input.key);
  if (input.capabilities?.adminFilterable?.enabled === true) {
    if (!isFilterable(type)) {
      const message = "The capability admin_filterable is not valid for this definition.";
      return { field: ["definition"], message, code: "INVALID_CAPABILITY" };
    }
    if (
      others.filter(({ capabilities }) => capabilities.adminFilterable).length >= mostFilterable
    ) {
      const message = `Limit of ${mostFilterable} definitions used as admin filters.`;
      const limit = "OWNER_TYPE_LIMIT_EXCEEDED_FOR_USE_AS_ADMIN_FILTERS";
      return { field: ["definition"], message, code: limit };
    }
  }
  if (
    input.pin === true &&
    others.filter(({ pinnedPosition }) => pinnedPosition !== null).length >= mostPinned
  ) {
    const message = `Limit of ${mostPinned} pinned definitions.`;
    return { field: ["definition"], message, code: "PINNED_LIMIT_REACHED" };
  }
  return undefined;
}

function ofOwner(shop: SimShop, ownerType: string): SimMetafieldDefinition[] {
  return [...shop.metafieldDefinitions.values()].filter((one) => one.ownerType === ownerType);
}

function nextPin(shop: SimShop, ownerType: string): number {
  return (
    1 + Math.max(0, ...ofOwner(shop, ownerType).map(({ pinnedPosition }) => pinnedPosition ?? 0))
  );
}

function capabilitiesOf(
  { capabilities }: DefinitionInput,
  before?: SimMetafieldDefinition["capabilities"],
): SimMetafieldDefinition["capabilities"] {
  return {
    adminFilterable: capabilities?.adminFilterable?.enabled ?? before?.adminFilterable ?? false,
    smartCollectionCondition:
      capabilities?.smartCollectionCondition?.enabled ?? before?.smartCollectionCondition ?? false,
    uniqueValues: capabilities?.uniqueValues?.enabled ?? before?.uniqueValues ?? false,
  };
}
