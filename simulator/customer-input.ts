import type { EmailMarketingState, SimCustomer, SimShop } from "#simulator/state.ts";
import { inCaseOfShop, normalizeTags, tagsError } from "#simulator/tags.ts";

export type CustomerInput = {
  email?: string | null;
  phone?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  note?: string | null;
  locale?: string | null;
  tags?: string[] | null;
  taxExempt?: boolean | null;
  emailMarketingConsent?: { marketingState: string } | null;
};

export type InputError = { field: string[] | null; message: string };

export type NewPerson = Pick<
  SimCustomer,
  "firstName" | "lastName" | "email" | "phone" | "note" | "locale" | "tags" | "emailMarketingState"
>;

const longestName = 255;
const longestNote = 5000;

/** The customer to store, or all errors of the input (as recorded). */
export function readCustomerInput(
  shop: SimShop,
  input: CustomerInput,
): { person: NewPerson } | { errors: InputError[] } {
  const person: NewPerson = {
    firstName: input.firstName?.trim() ?? "",
    lastName: input.lastName?.trim() ?? "",
    email: nothingAsNull(input.email?.trim().toLowerCase()),
    phone: nothingAsNull(input.phone?.replaceAll(/[\s().-]/g, "")),
    note: input.note ?? null,
    locale: input.locale ?? "en",
    tags: inCaseOfShop(shop, normalizeTags(input.tags ?? [])),
    emailMarketingState: stateOf(input),
  };
  const errors = [
    ...nameErrors(person),
    ...contactErrors(shop, person),
    ...(isLocale(person.locale) ? [] : [error("locale", "Locale is invalid")]),
    ...tagErrors(person.tags),
  ];
  return errors.length > 0 ? { errors } : { person };
}

/** States that cannot be set, as recorded for the mutation that sets them. */
export function refusedState({ emailMarketingConsent }: CustomerInput): string | undefined {
  const state = emailMarketingConsent?.marketingState;
  const given = ["SUBSCRIBED", "UNSUBSCRIBED", "PENDING"];
  return state === undefined || given.includes(state)
    ? undefined
    : `Cannot specify ${state} as a marketing state input`;
}

function stateOf({ emailMarketingConsent }: CustomerInput): EmailMarketingState {
  const state = emailMarketingConsent?.marketingState;
  if (state === "SUBSCRIBED" || state === "UNSUBSCRIBED" || state === "PENDING") return state;
  return "NOT_SUBSCRIBED";
}

function error(field: string | null, message: string): InputError {
  return { field: field === null ? null : [field], message };
}

function nameErrors({ firstName, lastName, note }: NewPerson): InputError[] {
  const tooLong = (field: string, word: string, most: number) =>
    error(field, `${word} is too long (maximum is ${most} characters)`);
  return [
    ...(firstName.length > longestName ? [tooLong("firstName", "First name", longestName)] : []),
    ...(lastName.length > longestName ? [tooLong("lastName", "Last name", longestName)] : []),
    ...((note?.length ?? 0) > longestNote ? [tooLong("note", "Note", longestNote)] : []),
  ];
}

function contactErrors(shop: SimShop, person: NewPerson): InputError[] {
  const { firstName, lastName, email, phone = null } = person;
  if (firstName === "" && lastName === "" && email === null && phone === null) {
    return [error(null, "A name, phone number, or email address must be present")];
  }
  const others = [...shop.customers.values()];
  const errors: InputError[] = [];
  if (email !== null && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) {
    errors.push(error("email", "Email is invalid"));
  } else if (email !== null && others.some((other) => other.email === email)) {
    errors.push(error("email", "Email has already been taken"));
  }
  if (phone !== null && !/^\+?\d{7,15}$/.test(phone)) {
    errors.push(error("phone", "Phone is invalid"));
  } else if (phone !== null && others.some((other) => other.phone === phone)) {
    errors.push(error("phone", "Phone has already been taken"));
  }
  return errors;
}

function tagErrors(tags: readonly string[]): InputError[] {
  const wrong = tagsError(tags);
  return wrong === undefined ? [] : [error("tags", wrong)];
}

function isLocale(locale: string): boolean {
  return /^[a-z]{2,3}(-[A-Za-z]{2,4})?$/.test(locale);
}

function nothingAsNull(text: string | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}
