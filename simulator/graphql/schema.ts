import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { buildSchema, GraphQLObjectType, type GraphQLSchema } from "graphql";

import type { ResolverMap } from "#simulator/graphql/resolver-map.ts";

/** The one version the simulator serves, whatever version a request asks for. */
export const apiVersion = "2026-10";

const schemaFile = new URL(`../../schema/admin-${apiVersion}.graphql.gz`, import.meta.url);

let built: GraphQLSchema | undefined;

/** The real Admin schema, built once per process (3.7 MB of SDL, about half a second). */
export function adminSchema(): GraphQLSchema {
  built ??= buildSchema(gunzipSync(readFileSync(schemaFile)).toString("utf8"), {
    assumeValid: true,
    assumeValidSDL: true,
    noLocation: true,
  });
  return built;
}

/** Merges the maps of several resources; throws if two have a resolver for the same field. */
export function mergeResolverMaps(maps: readonly ResolverMap[]): ResolverMap {
  const merged: ResolverMap = {};
  for (const map of maps) {
    for (const [type, fields] of Object.entries(map)) {
      const target = (merged[type] ??= {});
      for (const [field, resolver] of Object.entries(fields)) {
        if (field in target) throw new Error(`${type}.${field} has two resolvers`);
        target[field] = resolver;
      }
    }
  }
  return merged;
}

/** Throws for a resolver whose type or field is not in the schema: a misspelt one would never run. */
export function checkAgainstSchema(map: ResolverMap): void {
  for (const [typeName, fields] of Object.entries(map)) {
    const type = adminSchema().getType(typeName);
    if (!(type instanceof GraphQLObjectType))
      throw new Error(`The schema has no object type ${typeName}`);
    for (const field of Object.keys(fields)) {
      if (!(field in type.getFields()))
        throw new Error(`The schema has no field ${typeName}.${field}`);
    }
  }
}
