import type { SimMetafieldDefinition } from "#simulator/state.ts";

type Problem = { message: string; code: string };

/** A value against the definition's own rules: `max`, `min` (length of text, size of numbers), `choices`, `regex`. */
export function validationProblem(
  definition: SimMetafieldDefinition,
  value: string,
): Problem | undefined {
  for (const { name, value: rule } of definition.validations) {
    const problem = rule === null ? undefined : oneRule(definition.type, value, { name, rule });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function oneRule(
  type: string,
  value: string,
  { name, rule }: { name: string; rule: string },
): Problem | undefined {
  const isText = type.endsWith("text_field");
  const size = isText ? value.length : Number(value);
  const what = isText ? " length" : "";
  if (name === "max" && size > Number(rule)) {
    return { message: `Value has a maximum${what} of ${rule}.`, code: "INVALID_VALUE" };
  }
  if (name === "min" && size < Number(rule)) {
    return { message: `Value has a minimum${what} of ${rule}.`, code: "INVALID_VALUE" };
  }
  if (name === "choices" && !readChoices(rule).includes(value)) {
    return { message: `Value does not exist in provided choices: ${rule}.`, code: "INVALID_VALUE" };
  }
  if (name === "regex" && !new RegExp(`^(?:${rule})$`).test(value)) {
    return { message: `Value must match the regular expression ${rule}.`, code: "INVALID_VALUE" };
  }
  return undefined;
}

function readChoices(rule: string): unknown[] {
  const choices: unknown = JSON.parse(rule);
  return Array.isArray(choices) ? choices : [];
}
