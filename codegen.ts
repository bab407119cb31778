import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import type { CodegenConfig } from "@graphql-codegen/cli";
import { ApiType, pluckConfig, preset } from "@shopify/api-codegen-preset";

import { API_VERSION } from "./app/shopify/api-version.ts";

const OUTPUT = "app/generated";
const schema = `${OUTPUT}/admin-${API_VERSION}.graphql`;
const documents = ["app/shopify/**/*.ts", "!app/shopify/**/*.test.ts"];

// Unpacked from the repository, so that nothing is fetched; editors read it too.
mkdirSync(OUTPUT, { recursive: true });
writeFileSync(schema, gunzipSync(readFileSync(`schema/admin-${API_VERSION}.graphql.gz`)));

const config: CodegenConfig = {
  schema,
  documents,
  pluckConfig,
  generates: {
    [`${OUTPUT}/admin.types.d.ts`]: {
      plugins: ["typescript"],
      config: {
        defaultScalarType: "string",
        scalars: { JSON: "unknown" },
        disableDescriptions: true,
        enumsAsTypes: true,
      },
    },
    [`${OUTPUT}/admin.generated.d.ts`]: {
      preset,
      presetConfig: { apiType: ApiType.Admin },
    },
  },
};

export default config;
