import type { SimShop, Store } from "#simulator/state.ts";

/** What every resolver gets beside its parent and arguments. */
export type RequestContext = {
  store: Store;
  shop: SimShop;
  /** Scopes of the token, with what they imply (`write_x` brings `read_x`). */
  scopes: ReadonlySet<string>;
};

/**
 * The schema, not TypeScript, says which parent and arguments a field gets, so both are `never` here
 * and each resolver declares its own. The root fields' parent is null.
 */
export type Resolver = (parent: never, args: never, context: RequestContext) => unknown;

/**
 * Resolvers of one resource: `{ QueryRoot: { customer }, Mutation: { tagsAdd }, Customer: { tags } }`.
 * A field without a resolver reads the property of its name from its parent; where there is none, the
 * request fails with `SIMULATOR_NOT_IMPLEMENTED`. A property that is null is an honest null. Objects of
 * an abstract type carry `__typename`. To fail at the top level throw a GraphQLError with a code.
 */
export type ResolverMap = Record<string, Record<string, Resolver>>;
