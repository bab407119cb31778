import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const noEnv = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "app/lib/env.server.ts is the only reader of process.env in the app.",
};

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
    rules: { "no-restricted-syntax": ["error", noEnv] },
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
    rules: { "@typescript-eslint/no-non-null-assertion": "off", "max-lines": "off" },
  },
);
