import { accessDenied, topLevelError } from "#simulator/graphql/errors.ts";
import type { RequestContext } from "#simulator/graphql/resolver-map.ts";
import { definitionOf } from "#simulator/metafields/definition-lookup.ts";
import { valueNameProblem } from "#simulator/metafields/names.ts";
import {
  canonicalNamespace,
  metafieldKey,
  ofAnotherApp,
} from "#simulator/metafields/namespaces.ts";
import { findOwner, type Owner, ownerTypeOf, writeScopeOf } from "#simulator/metafields/owners.ts";
import { compareDigest, owned, type OwnedMetafield } from "#simulator/metafields/reads.ts";
import { isKnownType, readValue } from "#simulator/metafields/types.ts";
import { validationProblem } from "#simulator/metafields/validations.ts";
import { beforeChange } from "#simulator/segments/lag.ts";
import type { SimMetafield } from "#simulator/state.ts";
import { customerUpdated } from "#simulator/webhooks/customer-events.ts";

export type MetafieldInput = {
  ownerId: string;
  namespace?: string | null;
  key: string;
  type?: string | null;
  value: string;
  /** Null: the value must not exist yet. Undefined: not checked. */
  compareDigest?: string | null;
};

type SetError = {
  field: string[];
  message: string;
  code: string | null;
  elementIndex: number | null;
};

type SetPayload = { metafields: OwnedMetafield[] | null; userErrors: SetError[] };

const mostPerCall = 25;
const writeAccess =
  "the same access level needed to mutate the owner resource. For instance, if you want to set\n" +
  "a metafield on a product, you need the same permissions as you would need to mutate a product.\n";

export const notAllowed =
  "Access to this namespace and key on Metafields for this resource type is not allowed.";

/** A checked input, ready to be written. */
type Write = { owner: Owner; namespace: string; key: string; type: string; value: string };

/** All or nothing: if one input is invalid, none is written. */
export function setMetafields(
  inputs: readonly MetafieldInput[],
  context: RequestContext,
): SetPayload {
  if (inputs.length > mostPerCall) {
    const message = `Exceeded the maximum metafields input limit of ${mostPerCall}.`;
    const tooMany = {
      field: ["metafields"],
      message,
      code: "LESS_THAN_OR_EQUAL_TO",
      elementIndex: null,
    };
    return { metafields: null, userErrors: [tooMany] };
  }
  const writes: Write[] = [];
  const userErrors: SetError[] = [];
  for (const [index, input] of inputs.entries()) {
    const checked = checkInput(input, index, context);
    if (Array.isArray(checked)) userErrors.push(...checked);
    else writes.push(checked);
  }
  if (userErrors.length > 0) return { metafields: [], userErrors };
  const owners = new Set(writes.map((write) => write.owner.gid));
  for (const owner of owners) willChange(owner, context);
  const metafields = writes.map((write) => save(write, context));
  for (const owner of owners) announce(owner, context);
  return { metafields, userErrors: [] };
}

function checkInput(
  input: MetafieldInput,
  index: number,
  context: RequestContext,
): Write | SetError[] {
  const at = (part: string[], message: string, code: string | null): SetError[] => [
    { field: ["metafields", String(index), ...part], message, code, elementIndex: null },
  ];
  const { app } = context.store;
  const owner = findOwner(input.ownerId, context);
  const scope = owner === undefined ? undefined : writeScopeOf(ownerTypeOf(owner));
  if (scope !== undefined && !context.scopes.has(scope))
    throw accessDenied("metafieldsSet", writeAccess);
  const namespace = canonicalNamespace(app, input.namespace);
  const named = valueNameProblem(namespace, input.key);
  if (named !== undefined) return at([named.part], named.message, named.code);
  if (ofAnotherApp(app, namespace)) return at([], notAllowed, "APP_NOT_AUTHORIZED");
  if (owner === undefined) return at(["ownerId"], "Owner does not exist.", "INVALID_VALUE");

  const definition = definitionOf(context.shop, {
    ownerType: ownerTypeOf(owner),
    namespace,
    key: input.key,
  });
  const existing = owner.metafields.get(metafieldKey(namespace, input.key));
  const type = input.type ?? definition?.type ?? existing?.type;
  if (type === undefined || type === "") return at(["type"], "Type can't be blank", "BLANK");
  if (definition !== undefined && type !== definition.type) {
    return at(
      ["type"],
      `Type '${type}' must be consistent with the definition's type '${definition.type}'.`,
      "INVALID_TYPE",
    );
  }
  if (!isKnownType(type)) {
    throw topLevelError(
      `The simulator does not implement metafields of type ${type}.`,
      "SIMULATOR_NOT_IMPLEMENTED",
    );
  }
  const { trimDecimals } = context.store.settings;
  const read = readValue(type, input.value, { currency: context.shop.currency, trimDecimals });
  // Writing the existing value overwrites nothing, so the digest does not matter.
  const isUnchanged = "value" in read && existing?.type === type && existing.value === read.value;
  const stale = isUnchanged ? undefined : digestProblem(input, existing);
  if (stale !== undefined) return at([], stale.message, stale.code);
  if ("problem" in read) {
    const [error] = at(["value"], read.problem, "INVALID_VALUE");
    return error === undefined ? [] : [{ ...error, elementIndex: read.element }];
  }
  const outside = definition && validationProblem(definition, read.value);
  if (outside !== undefined) return at(["value"], outside.message, outside.code);
  return { owner, namespace, key: input.key, type, value: read.value };
}

function digestProblem(input: MetafieldInput, existing: SimMetafield | undefined) {
  if (input.compareDigest === undefined) return undefined;
  const current = existing === undefined ? null : compareDigest(existing);
  if (input.compareDigest === current) return undefined;
  if (existing === undefined) {
    return { message: "Invalid `compareDigest` value.", code: "INVALID_COMPARE_DIGEST" };
  }
  return {
    message:
      "The resource has been updated since it was loaded. Try again with an updated `compareDigest` value.",
    code: "STALE_OBJECT",
  };
}

function save(
  { owner, namespace, key, type, value }: Write,
  { store }: RequestContext,
): OwnedMetafield {
  const now = store.clock.isoNow();
  const place = metafieldKey(namespace, key);
  const existing = owner.metafields.get(place);
  const metafield: SimMetafield = {
    id: existing?.id ?? store.nextId(),
    namespace,
    key,
    type,
    value,
    createdAt: existing?.createdAt ?? now,
    updatedAt: now,
  };
  owner.metafields.set(place, metafield);
  return owned(metafield, owner);
}

/** To be called before an owner's metafields change. */
export function willChange(ownerGid: string, { store, shop }: RequestContext): void {
  const customer = shop.customers.get(ownerGid.replace("gid://shopify/Customer/", ""));
  if (customer !== undefined) beforeChange({ store, shop }, customer);
}

function announce(ownerGid: string, context: RequestContext): void {
  const { store, shop } = context;
  const customer = shop.customers.get(ownerGid.replace("gid://shopify/Customer/", ""));
  if (customer === undefined) return;
  customer.updatedAt = store.clock.isoNow();
  customerUpdated({ store, shop }, customer);
}
