import { describe, expect, it } from "vitest";

import { compareDigest } from "#simulator/metafields/reads.ts";
import { asCustomers, type Exchange, readRecording, replayIn } from "#tests/simulator/replay.ts";
import { customer, giveMetafield, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

const set = `mutation Set($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) {
    metafields { id } userErrors { field message code elementIndex }
  }
}`;

const read = (file: string, document?: string) =>
  asCustomers(readRecording(`metafields-2026-04/${file}`, document));

/** Root fields of products and of standard definitions, which the simulator does not have. */
const elsewhere = /product(Create|Delete)\(|standardMetafieldDefinition|__type\(/;

/** A shop with every customer of the exchanges. */
function prepared(exchanges: readonly Exchange[]) {
  const text = JSON.stringify(exchanges);
  const ids = new Set(
    [...text.matchAll(/gid:\/\/shopify\/Customer\/(\d+)/g)].map(([, id]) => id ?? ""),
  );
  const store = sampleStore(new Date("2026-07-29T03:37:12Z"));
  const customers = [...ids].map((id) => customer(id));
  return { store, shop: shopOf({ customers, orders: [], store }) };
}

async function expectAlike(exchanges: readonly Exchange[]) {
  const replayed = await replayIn(prepared(exchanges), exchanges);
  for (const { name, expected, actual } of replayed) expect(actual, name).toEqual(expected);
}

// The recordings are of products; here the same cases are applied to a customer.
describe("recorded exchanges about metafields", () => {
  it.each([
    "metafield-definition-app-namespace-resolution.json",
    "metafield-definition-lifecycle-mutations.json",
    "metafields-set-delete-app-namespace-resolution.json",
  ])("has the recorded response: %s", async (file) => {
    const exchanges = read(file).filter(({ query }) => !elsewhere.test(query));
    expect(exchanges.length).toBeGreaterThan(4);
    await expectAlike(exchanges);
  });

  it("has the recorded response for access controls of definitions", async () => {
    const exchanges = read("metafield-definition-access-validation.json").filter(
      // The last is of Shopify's standard definitions.
      ({ query, name }) => !elsewhere.test(query) && name !== "reservedBeforeSetup",
    );
    expect(exchanges.length).toBeGreaterThan(5);
    await expectAlike(exchanges);
  });

  const inputs = read("metafields-set-input-validation.json", set).filter(
    ({ variables }) =>
      !/"type":"(list\.)?(dimension|weight|volume|rating|link|product_reference)"/.test(
        JSON.stringify(variables),
      ),
  );

  it.each(inputs)("has the recorded response for an input that is $name", async (exchange) => {
    // The details of a JSON error differ between parsers.
    if (exchange.name === "invalidValueJson") {
      const [replayed] = await replayIn(prepared([exchange]), [exchange]);
      expect(JSON.stringify(replayed?.actual)).toContain("Value is invalid JSON: ");
      return;
    }
    await expectAlike([exchange]);
  });

  it("has the recorded response for 26 at once and for a digest of a missing value", async () => {
    await expectAlike(read("metafields-set-over-limit-parity.json", set));
    await expectAlike(
      read("metafields-set-invalid-compare-digest-parity.json", set.replace("{ id }", "{ id }")),
    );
  });

  it("accepts a write whose digest is that of the existing value", async () => {
    const [exchange] = read("metafields-set-cas-success-parity.json", set);
    const place = prepared([exchange!]);
    const [owner] = place.shop.customers.values();
    giveMetafield(owner!, "custom.material", "Canvas");
    const digest = compareDigest(owner!.metafields.get("custom.material")!);
    const [input] = exchange!.variables.metafields as Record<string, unknown>[];
    const variables = { metafields: [{ ...input, compareDigest: digest }] };
    const [replayed] = await replayIn(place, [{ ...exchange!, variables }]);
    expect(replayed?.actual).toMatchObject({ data: { metafieldsSet: { userErrors: [] } } });
    expect(owner!.metafields.get("custom.material")?.value).toBe("Wool");
  });

  it("has the recorded response when a definition gives the type", async () => {
    const documents = {
      createDefinition: `mutation Create($definition: MetafieldDefinitionInput!) {
        metafieldDefinitionCreate(definition: $definition) {
          createdDefinition {
            id name namespace key ownerType type { name category } description
            validations { name value } pinnedPosition validationStatus
          }
          userErrors { field message code }
        }
      }`,
      setWithoutType: `mutation Set($metafields: [MetafieldsSetInput!]!) {
        metafieldsSet(metafields: $metafields) {
          metafields {
            id namespace key type value definition { id namespace key type { name } }
          }
          userErrors { field message code }
        }
      }`,
      readAfterSet: `query Read($id: ID!, $namespace: String!, $key: String!) {
        product: customer(id: $id) {
          id
          metafield(namespace: $namespace, key: $key) {
            id namespace key type value definition { id namespace key type { name } }
          }
        }
      }`,
    };
    const recording = "metafieldsSet-type-from-definition.json";
    await expectAlike(
      Object.entries(documents).flatMap(([name, document]) =>
        read(recording, document).filter((exchange) => exchange.name === name),
      ),
    );
  });

  it("has the recorded response when definitions in use are deleted, and when their keys should change", async () => {
    const documents = {
      create: `mutation Create($definition: MetafieldDefinitionInput!) {
        metafieldDefinitionCreate(definition: $definition) {
          createdDefinition { id name namespace key ownerType type { name } }
          userErrors { field message code }
        }
      }`,
      metafieldsSet: `mutation Set($metafields: [MetafieldsSetInput!]!) {
        metafieldsSet(metafields: $metafields) {
          metafields { id namespace key type value } userErrors { field message code }
        }
      }`,
      delete: `mutation Delete($id: ID!, $deleteAllAssociatedMetafields: Boolean) {
        metafieldDefinitionDelete(
          id: $id, deleteAllAssociatedMetafields: $deleteAllAssociatedMetafields
        ) {
          deletedDefinitionId deletedDefinition { ownerType namespace key }
          userErrors { field message code }
        }
      }`,
      update: `mutation Update($definition: MetafieldDefinitionUpdateInput!) {
        metafieldDefinitionUpdate(definition: $definition) {
          updatedDefinition { id } userErrors { field message code } validationJob { id }
        }
      }`,
    };
    const recording = "metafield-definition-update-delete-preconditions.json";
    const exchanges = Object.entries(documents).flatMap(([name, document]) =>
      read(recording, document).filter((exchange) => exchange.name === name),
    );
    expect(exchanges.length).toBe(15);
    // A change of owner type is meaningless where products were replaced by customers.
    await expectAlike(
      exchanges.filter(
        ({ variables }) => !JSON.stringify(variables).includes("owner type changed"),
      ),
    );
  });
});
