import { createCustomer, customerDeletion } from "#simulator/customer-changes.ts";
import {
  type CustomerInput,
  type InputError,
  readCustomerInput,
  refusedState,
} from "#simulator/customer-input.ts";
import { notImplemented, topLevelError } from "#simulator/graphql/errors.ts";
import type { RequestContext, ResolverMap } from "#simulator/graphql/resolver-map.ts";
import { idOf } from "#simulator/resolvers/gids.ts";
import { gid } from "#simulator/state.ts";

const known = new Set([
  ...["email", "phone", "firstName", "lastName", "note", "locale", "tags", "taxExempt"],
  "emailMarketingConsent",
]);

/** Input that the simulator could not store fails. */
function checkKnown(input: CustomerInput): void {
  const unknown = Object.entries(input).find(
    ([name, value]) => value !== null && (!known.has(name) || (name === "taxExempt" && value)),
  );
  if (unknown) throw notImplemented("Mutation", `customerCreate with ${unknown[0]}`);
}

function create(input: CustomerInput, context: RequestContext) {
  checkKnown(input);
  const refused = refusedState(input);
  if (refused !== undefined) throw topLevelError(refused, "INVALID");
  const read = readCustomerInput(context.shop, input);
  if ("errors" in read) return { customer: null, userErrors: read.errors };
  return { customer: createCustomer(context, read.person), userErrors: [] };
}

function remove(id: string, context: RequestContext) {
  const { shop } = context;
  const refused = (userErrors: InputError[]) => ({ deletedCustomerId: null, shop, userErrors });
  const customerId = idOf(id, "Customer");
  if (!shop.customers.has(customerId)) {
    return refused([{ field: ["id"], message: "Customer can't be found" }]);
  }
  const blocked = customerDeletion(context, customerId);
  if (blocked !== undefined) return refused([{ field: ["id"], message: blocked }]);
  return { deletedCustomerId: gid("Customer", customerId), shop, userErrors: [] };
}

export const customerMutations: ResolverMap = {
  Mutation: {
    customerCreate: (_: null, { input }: { input: CustomerInput }, context) =>
      create(input, context),
    customerDelete: (_: null, { input }: { input: { id: string } }, context) =>
      remove(input.id, context),
  },
};
