import type { AdminApi, QueryOptions } from "#app/shopify/api/client.server.ts";
import { outcomeOf, type WriteOutcome } from "#app/shopify/api/user-errors.ts";

import type { MetafieldDefinition } from "./metafields.ts";

const DEFINITIONS = `#graphql
  query EncoreMetafieldDefinitions($namespace: String!) {
    metafieldDefinitions(ownerType: CUSTOMER, namespace: $namespace, first: 250) {
      nodes {
        id
        key
        name
        description
        type {
          name
        }
        capabilities {
          adminFilterable {
            enabled
          }
        }
      }
    }
  }
`;

const DEFINITION_CREATE = `#graphql
  mutation EncoreMetafieldDefinitionCreate($definition: MetafieldDefinitionInput!) {
    metafieldDefinitionCreate(definition: $definition) {
      userErrors {
        field
        message
        code
      }
    }
  }
`;

const DEFINITION_UPDATE = `#graphql
  mutation EncoreMetafieldDefinitionUpdate($definition: MetafieldDefinitionUpdateInput!) {
    metafieldDefinitionUpdate(definition: $definition) {
      userErrors {
        field
        message
        code
      }
    }
  }
`;

const DEFINITION_DELETE = `#graphql
  mutation EncoreMetafieldDefinitionDelete($id: ID!) {
    metafieldDefinitionDelete(id: $id, deleteAllAssociatedMetafields: true) {
      userErrors {
        field
        message
        code
      }
    }
  }
`;

export type DefinitionsOutcome =
  | { kind: "done"; made: string[] }
  /** A definition with another type has the key, so our values would be refused. */
  | { kind: "taken"; key: string; type: string }
  | { kind: "refused"; key: string; outcome: Extract<WriteOutcome, { kind: "refused" }> };

/**
 * Creates missing customer metafield definitions; filterable as requested, if the shop has room for
 * another filter. Existing ones are not changed.
 *
 * @param definitions all in one namespace
 */
export async function ensureDefinitions(
  admin: AdminApi,
  definitions: MetafieldDefinition[],
  options?: QueryOptions,
): Promise<DefinitionsOutcome> {
  const namespace = definitions[0]?.namespace;
  if (namespace === undefined) return { kind: "done", made: [] };
  const found = await readDefinitions(admin, namespace, options);
  const existing = new Map(found.map(({ key, type }) => [key, type]));
  const made: string[] = [];
  for (const definition of definitions) {
    const type = existing.get(definition.key);
    if (type === undefined) {
      const outcome = await create(admin, definition, options);
      if (outcome.kind === "refused") return { kind: "refused", key: definition.key, outcome };
      made.push(definition.key);
    } else if (type !== definition.type) {
      return { kind: "taken", key: definition.key, type };
    }
  }
  return { kind: "done", made };
}

/** A definition in Shopify; `id` is a gid. */
export type ExistingDefinition = {
  id: string;
  key: string;
  type: string;
  name: string;
  description: string | null;
  filterable: boolean;
};

/** The customer metafield definitions of a namespace. */
export async function readDefinitions(
  admin: AdminApi,
  namespace: string,
  options?: QueryOptions,
): Promise<ExistingDefinition[]> {
  const { metafieldDefinitions } = await admin.query(DEFINITIONS, { namespace }, options);
  return metafieldDefinitions.nodes.map(({ id, key, name, description, type, capabilities }) => ({
    ...{ id, key, name, description: description ?? null, type: type.name },
    filterable: capabilities.adminFilterable.enabled,
  }));
}

/** Changes whether a definition is filterable in the admin, and nothing else. */
export async function setFilterable(
  admin: AdminApi,
  { namespace, key, enabled }: { namespace: string; key: string; enabled: boolean },
  options?: QueryOptions,
): Promise<WriteOutcome> {
  const definition = {
    ...{ namespace, key, ownerType: "CUSTOMER" as const },
    capabilities: { adminFilterable: { enabled } },
  };
  const data = await admin.query(DEFINITION_UPDATE, { definition }, options);
  return outcomeOf(data.metafieldDefinitionUpdate);
}

/** Deletes a definition with the values on all customers; a missing one is no error. */
export async function deleteDefinition(
  admin: AdminApi,
  id: string,
  options?: QueryOptions,
): Promise<WriteOutcome> {
  const data = await admin.query(DEFINITION_DELETE, { id }, options);
  const outcome = outcomeOf(data.metafieldDefinitionDelete);
  return has(outcome, "NOT_FOUND") ? { kind: "done" } : outcome;
}

/** TAKEN counts as done: another process may have created the same definition meanwhile. */
async function create(
  admin: AdminApi,
  definition: MetafieldDefinition,
  options?: QueryOptions,
): Promise<WriteOutcome> {
  const { filterable } = definition;
  const outcome = await attempt(admin, definition, { filterable, options });
  if (outcome.kind === "done" || has(outcome, "TAKEN")) return { kind: "done" };
  // A shop may have 50 filterable definitions; ours are useful even if not filterable.
  if (!has(outcome, "OWNER_TYPE_LIMIT_EXCEEDED_FOR_USE_AS_ADMIN_FILTERS")) return outcome;
  return attempt(admin, definition, { filterable: false, options });
}

async function attempt(
  admin: AdminApi,
  { namespace, key, name, description, type }: MetafieldDefinition,
  { filterable, options }: { filterable: boolean; options?: QueryOptions },
): Promise<WriteOutcome> {
  const input = {
    ...{ namespace, key, name, description, type },
    ownerType: "CUSTOMER" as const,
    ...(filterable ? { capabilities: { adminFilterable: { enabled: true } } } : {}),
  };
  const data = await admin.query(DEFINITION_CREATE, { definition: input }, options);
  return outcomeOf(data.metafieldDefinitionCreate);
}

function has(outcome: WriteOutcome, code: string): boolean {
  return outcome.kind === "refused" && outcome.errors.some((error) => error.code === code);
}
