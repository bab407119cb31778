import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import importSort from "eslint-plugin-simple-import-sort";
import tseslint from "typescript-eslint";

const noEnv = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "app/lib/env.server.ts is the only reader of process.env in the app.",
};

const literalConstant = {
  selector:
    "Program > :matches(VariableDeclaration, ExportNamedDeclaration > VariableDeclaration)[kind='const'] > VariableDeclarator:matches([init.type='Literal'][init.regex=undefined], [init.type='TemplateLiteral'][init.expressions.length=0]) > Identifier.id[name=/[a-z]/]",
  message: "A constant of a module that is a number or a text is written in UPPER_CASE.",
};

/** One order: what runs first, Node's own, packages, rooms of the project, files beside. */
const importGroups = [["^\\u0000"], ["^node:"], ["^@?\\w"], ["^#"], ["^\\."]];

export default tseslint.config(
  { ignores: ["node_modules", "build", ".data", "app/generated", "public", "extensions/*/dist"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    rules: {
      "@typescript-eslint/consistent-type-definitions": ["error", "type"],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/ban-ts-comment": "error",
      "max-params": ["error", 3],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  {
    files: ["app/**/*.{ts,tsx}"],
    ignores: ["app/lib/env.server.ts"],
    rules: { "no-restricted-syntax": ["error", noEnv, literalConstant] },
  },
  {
    plugins: { "simple-import-sort": importSort },
    rules: {
      "simple-import-sort/imports": ["error", { groups: importGroups }],
      "no-restricted-imports": [
        "error",
        {
          paths: [
            { name: "vitest", importNames: ["test"], message: "A test is written with `it`." },
          ],
        },
      ],
    },
  },
  {
    files: ["app/**/*.tsx"],
    plugins: { "react-hooks": reactHooks, "jsx-a11y": jsxA11y },
    rules: { ...reactHooks.configs.recommended.rules, ...jsxA11y.flatConfigs.recommended.rules },
  },
  {
    files: ["scripts/**", "bench/**", "cli/**", "simulator/main.ts"],
    rules: { "no-console": "off" },
  },
  {
    files: ["scripts/**", "*.js", "*.mjs", "**/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
  // Scripts for the browser: tsc, which checks them too, knows the browser's names.
  { files: ["simulator/admin/assets/*.js"], rules: { "no-undef": "off" } },
  {
    files: ["tests/**", "**/*.test.ts", "**/*.test.tsx"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "max-lines": "off",
      "no-restricted-syntax": "off",
    },
  },
  { files: ["app/**/*.test.{ts,tsx}"], rules: { "no-restricted-syntax": ["error", noEnv] } },
);
