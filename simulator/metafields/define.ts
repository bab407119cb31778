import { accessDenied, notImplemented } from "#simulator/graphql/errors.ts";
import type { RequestContext } from "#simulator/graphql/resolver-map.ts";
import {
  type CapabilitiesInput,
  capabilitiesOf,
  capabilityProblems,
  ofOwnerType,
} from "#simulator/metafields/capabilities.ts";
import { definitionOf } from "#simulator/metafields/definition-lookup.ts";
import { definitionNameProblems } from "#simulator/metafields/names.ts";
import { canonicalNamespace, ofAnotherApp, ofThisApp } from "#simulator/metafields/namespaces.ts";
import { writeScopeOf } from "#simulator/metafields/owners.ts";
import { isShopifyType, noSuchType } from "#simulator/metafields/shopify-types.ts";
import { isKnownType } from "#simulator/metafields/types.ts";
import { unknownValidations } from "#simulator/metafields/validations.ts";
import type { SimMetafieldDefinition, SimShop } from "#simulator/state.ts";

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
  capabilities?: CapabilitiesInput | null;
};

export type DefinitionError = { field: string[]; message: string; code: string };

type Result = { definition: SimMetafieldDefinition } | { errors: DefinitionError[] };

const mostDefinitions = 256;
const mostPinned = 50;
const longestText = 255;
const access =
  "API client to have access to the namespace and the resource type associated with the metafield definition.\n";

function error(part: string[], message: string, code: string): DefinitionError {
  return { field: ["definition", ...part], message, code };
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
  const { type = "", ownerType, key } = input;
  const namespace = canonicalNamespace(store.app, input.namespace);
  checkAccess("metafieldDefinitionCreate", { namespace, ownerType }, context);
  const wrongText = [
    ...textProblems(input),
    ...definitionNameProblems(namespace, key).map(({ part, message, code }) =>
      error([part], message, code ?? "INVALID"),
    ),
    ...(isShopifyType(type) ? [] : [error(["type"], noSuchType(type), "INCLUSION")]),
  ];
  if (wrongText.length > 0) return { errors: wrongText };
  if (!isKnownType(type)) throw notImplemented("Mutation", `metafieldDefinitionCreate for ${type}`);
  if (definitionOf(shop, { ownerType, namespace, key }) !== undefined) {
    const owner = ownerType.charAt(0) + ownerType.slice(1).toLowerCase();
    const message = `Key is in use for ${owner} metafields on the '${namespace}' namespace.`;
    return { errors: [error(["key"], message, "TAKEN")] };
  }
  const wrong = inputProblems(input, { namespace, type, code: "INVALID" }, context);
  if (wrong.length > 0) return { errors: wrong };
  if (ofOwnerType(shop, ownerType).length >= mostDefinitions) {
    const message = `Stores can only have ${mostDefinitions} definitions for each store resource.`;
    return { errors: [error([], message, "RESOURCE_TYPE_LIMIT_EXCEEDED")] };
  }
  const definition = newDefinition(input, { namespace, type, id: store.nextId(), shop });
  shop.metafieldDefinitions.set(definition.id, definition);
  return { definition };
}

function newDefinition(
  input: DefinitionInput,
  { shop, ...parts }: { namespace: string; type: string; id: string; shop: SimShop },
): SimMetafieldDefinition {
  const { key, ownerType } = input;
  return {
    ...parts,
    ...{ key, ownerType },
    name: input.name ?? "",
    description: input.description ?? null,
    pinnedPosition: input.pin === true ? nextPin(shop, ownerType) : null,
    validations: input.validations ?? [],
    access: {
      admin: "PUBLIC_READ_WRITE",
      storefront: "NONE",
      customerAccount: "NONE",
      ...input.access,
    },
    capabilities: capabilitiesOf(input.capabilities),
  };
}

export function updateDefinition(input: DefinitionInput, context: RequestContext): Result {
  const { store, shop } = context;
  const namespace = canonicalNamespace(store.app, input.namespace);
  checkAccess("metafieldDefinitionUpdate", { namespace, ownerType: input.ownerType }, context);
  const definition = definitionOf(shop, { ...input, namespace });
  if (definition === undefined) {
    return { errors: [error([], "Definition not found.", "NOT_FOUND")] };
  }
  const place = { namespace, type: definition.type, code: "INVALID_INPUT" };
  const wrong = [...textProblems(input), ...inputProblems(input, place, context)];
  if (wrong.length > 0) return { errors: wrong };
  if (typeof input.name === "string") definition.name = input.name;
  if (input.description !== undefined) definition.description = input.description;
  if (input.validations) definition.validations = input.validations;
  if (input.access) definition.access = { ...definition.access, ...input.access };
  if (input.capabilities) {
    definition.capabilities = capabilitiesOf(input.capabilities, definition.capabilities);
  }
  if (input.pin === false) definition.pinnedPosition = null;
  if (input.pin === true) definition.pinnedPosition ??= nextPin(shop, definition.ownerType);
  return { definition };
}

function textProblems(input: DefinitionInput): DefinitionError[] {
  return (["name", "description"] as const)
    .filter((part) => (input[part]?.length ?? 0) > longestText)
    .map((part) => {
      const word = part === "name" ? "Name" : "Description";
      const message = `${word} is too long (maximum is ${longestText} characters)`;
      return error([part], message, "TOO_LONG");
    });
}

/** Checks common to create and update: access controls, validations, capabilities, pins. */
function inputProblems(
  input: DefinitionInput,
  { namespace, type, code }: { namespace: string; type: string; code: string },
  { store, shop }: RequestContext,
): DefinitionError[] {
  const others = ofOwnerType(shop, input.ownerType).filter(({ key }) => key !== input.key);
  const problems: DefinitionError[] = [];
  if (input.access?.admin !== undefined && !ofThisApp(store.app, namespace)) {
    const message =
      'Setting this access control is not permitted. It must be one of ["public_read_write"].';
    problems.push(error([], message, code));
  }
  for (const name of unknownValidations(type, input.validations ?? [])) {
    const message = `Validations contains an invalid option: ${name}.`;
    problems.push(error(["validations"], message, "INVALID_OPTION"));
  }
  const kind = { ownerType: input.ownerType, type };
  for (const problem of capabilityProblems(input.capabilities, kind, others)) {
    problems.push(error([], problem.message, problem.code));
  }
  const pinned = others.filter(({ pinnedPosition }) => pinnedPosition !== null).length;
  if (input.pin === true && pinned >= mostPinned) {
    problems.push(error([], `Limit of ${mostPinned} pinned definitions.`, "PINNED_LIMIT_REACHED"));
  }
  return problems;
}

function nextPin(shop: SimShop, ownerType: string): number {
  const positions = ofOwnerType(shop, ownerType).map(({ pinnedPosition }) => pinnedPosition ?? 0);
  return 1 + Math.max(0, ...positions);
}
