import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { transpileModule } from "typescript";
import { afterAll, beforeAll, expect, it } from "vitest";

import { ENGINE_VERSION } from "#engine";

// The engine as a package: built, installed, and used by plain Node.

const root = path.resolve(import.meta.dirname, "../..");
const elsewhere = mkdtempSync(path.join(tmpdir(), "engine-package-"));
const installed = path.join(elsewhere, "node_modules", "@encore", "engine");
const manifest = JSON.parse(readFileSync(path.join(root, "engine/package.json"), "utf8")) as Record<
  string,
  unknown
>;

beforeAll(() => {
  mkdirSync(installed, { recursive: true });
  copyFileSync(path.join(root, "engine/package.json"), path.join(installed, "package.json"));
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  const to = ["--outDir", path.join(installed, "dist")];
  execFileSync(process.execPath, [compiler, "-p", path.join(root, "engine"), ...to]);
});

afterAll(() => rmSync(elsewhere, { recursive: true }));

it("the package has no dependencies, and the engine's version", () => {
  expect(manifest).not.toHaveProperty("dependencies");
  expect(manifest.version).toBe(ENGINE_VERSION);
});

it("the README's example runs on the built package, and has types", () => {
  const readme = readFileSync(path.join(root, "engine/README.md"), "utf8");
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  expect(example).toContain('from "#engine"');
  const source = example.replace('"#engine"', '"@encore/engine"');
  const { outputText } = transpileModule(`${source}\nconsole.log(result.kind);`, {
    compilerOptions: { module: 99, target: 99 },
  });
  const script = path.join(elsewhere, "example.mjs");
  writeFileSync(script, outputText);
  expect(execFileSync(process.execPath, [script], { encoding: "utf8" }).trim()).toBe("refused");
  expect(readFileSync(path.join(installed, "dist/index.d.ts"), "utf8")).toContain("fitStore");
});
