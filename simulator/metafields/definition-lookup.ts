import type { SimMetafieldDefinition, SimShop } from "#simulator/state.ts";

type DefinitionName = { ownerType: string; namespace: string; key: string };

/** The definition of that owner type, canonical namespace and key. */
export function definitionOf(
  shop: SimShop,
  name: DefinitionName,
): SimMetafieldDefinition | undefined {
  for (const definition of shop.metafieldDefinitions.values()) {
    if (
      definition.key === name.key &&
      definition.namespace === name.namespace &&
      definition.ownerType === name.ownerType
    ) {
      return definition;
    }
  }
  return undefined;
}
