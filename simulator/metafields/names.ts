type Part = "namespace" | "key";

export type NameProblem = { part: Part; message: string; code: string | null };

const lengths = { namespace: { least: 3, most: 255 }, key: { least: 2, most: 64 } };
const words = { namespace: "Namespace", key: "Key" };
const reservedNamespaces = new Set(["shopify_standard", "protected", "shopify-l10n-fields"]);

function lengthProblem(part: Part, text: string): NameProblem | undefined {
  const { least, most } = lengths[part];
  if (text.length < least) {
    const message = `${words[part]} is too short (minimum is ${least} characters)`;
    return { part, message, code: "TOO_SHORT" };
  }
  if (text.length <= most) return undefined;
  const message = `${words[part]} is too long (maximum is ${most} characters)`;
  return { part, message, code: "TOO_LONG" };
}

/** The first error in the name of a value; its characters are not checked here (as recorded). */
export function valueNameProblem(namespace: string, key: string): NameProblem | undefined {
  const wrong = lengthProblem("namespace", namespace) ?? lengthProblem("key", key);
  if (wrong !== undefined || !reservedNamespaces.has(namespace)) return wrong;
  const message = `Namespace ${namespace} is a reserved namespace`;
  return { part: "namespace", message, code: null };
}

/** All errors in the name of a definition, which can be in a namespace where no value can be. */
export function definitionNameProblems(namespace: string, key: string): NameProblem[] {
  const problems = (part: Part, text: string): NameProblem[] => {
    const tooShort = lengthProblem(part, text);
    const message = `${words[part]} contains one or more invalid characters.`;
    return [
      ...(tooShort === undefined ? [] : [tooShort]),
      ...(/^[\w-]*$/.test(text) ? [] : [{ part, message, code: "INVALID_CHARACTER" }]),
    ];
  };
  return [...problems("namespace", namespace), ...problems("key", key)];
}
