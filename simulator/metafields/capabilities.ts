import { canBeUnique, isFilterable } from "#simulator/metafields/types.ts";
import type { SimMetafieldDefinition, SimShop } from "#simulator/state.ts";

type Enabled = { enabled: boolean };

export type CapabilitiesInput = {
  adminFilterable?: Enabled | null;
  smartCollectionCondition?: Enabled | null;
  uniqueValues?: Enabled | null;
};

type Capabilities = SimMetafieldDefinition["capabilities"];
type Kind = { ownerType: string; type: string };

const mostFilterable = 50;
const collectionTypes = new Set([
  ...["boolean", "number_integer", "number_decimal", "rating"],
  "single_line_text_field",
]);

/** The capabilities of definitions of a type, for owners of a type. */
export function eligibility({ ownerType, type }: Kind): Capabilities {
  const isProduct = ownerType === "PRODUCT" || ownerType === "PRODUCTVARIANT";
  return {
    adminFilterable: isFilterable(type),
    smartCollectionCondition: isProduct && collectionTypes.has(type),
    uniqueValues: canBeUnique(type),
  };
}

const names = {
  adminFilterable: "admin_filterable",
  smartCollectionCondition: "smart_collection_condition",
  uniqueValues: "unique_values",
} as const;

type Problem = { message: string; code: string };

/** Requested capabilities that are not available. */
export function capabilityProblems(
  asked: CapabilitiesInput | null | undefined,
  kind: Kind,
  others: readonly SimMetafieldDefinition[],
): Problem[] {
  const eligible = eligibility(kind);
  const capabilities = Object.keys(names) as (keyof typeof names)[];
  const impossible = capabilities
    .filter((name) => asked?.[name]?.enabled === true && !eligible[name])
    .map((name) => ({
      message: `The capability ${names[name]} is not valid for this definition.`,
      code: "INVALID_CAPABILITY",
    }));
  if (impossible.length > 0 || asked?.adminFilterable?.enabled !== true) return impossible;
  const used = others.filter((one) => one.capabilities.adminFilterable).length;
  if (used < mostFilterable) return [];
  const owner = kind.ownerType.toLowerCase();
  return [
    {
      message: `You can only use ${mostFilterable} ${owner} metafield definitions to filter the ${owner} list. To add a new filter, disable filtering on an existing one.`,
      code: "OWNER_TYPE_LIMIT_EXCEEDED_FOR_USE_AS_ADMIN_FILTERS",
    },
  ];
}

export function capabilitiesOf(
  asked: CapabilitiesInput | null | undefined,
  before?: Capabilities,
): Capabilities {
  const enabled = (name: keyof Capabilities) => asked?.[name]?.enabled ?? before?.[name] ?? false;
  return {
    adminFilterable: enabled("adminFilterable"),
    smartCollectionCondition: enabled("smartCollectionCondition"),
    uniqueValues: enabled("uniqueValues"),
  };
}

export function ofOwnerType(shop: SimShop, ownerType: string): SimMetafieldDefinition[] {
  return [...shop.metafieldDefinitions.values()].filter((one) => one.ownerType === ownerType);
}
