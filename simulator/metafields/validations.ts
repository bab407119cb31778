import type { SimMetafieldDefinition } from "#simulator/state.ts";

type Problem = { message: string; code: string };

/** Checks a value against the definition: `max`, `min` (length or number), `choices`, `regex`. */
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

const ofText = ["min", "max", "regex", "choices"];
const ofSize = ["min", "max", "choices"];

/** The validations that Shopify has for a type. */
const options: Readonly<Record<string, readonly string[]>> = {
  single_line_text_field: ofText,
  multi_line_text_field: ofText,
  number_integer: ofSize,
  number_decimal: [...ofSize, "max_precision"],
  date: ["min", "max"],
  date_time: ["min", "max"],
  url: ["allowed_domains"],
  json: ["schema"],
};

/** Validations that are invalid for the type. */
export function unknownValidations(
  type: string,
  validations: readonly { name: string }[],
): string[] {
  const [, item] = /^list\.(.+)$/.exec(type) ?? [];
  const known = [...(options[item ?? type] ?? []), ...(item ? ["list.min", "list.max"] : [])];
  return validations.map(({ name }) => name).filter((name) => !known.includes(name));
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
