import type { OrderExclusionReason } from "#app/orders/store/normalise.ts";
import { orderExclusionReason, type ShopUnits } from "#app/orders/store/normalise.ts";
import {
  type Field,
  type OrderFields,
  textArrayField,
  textField,
} from "#app/orders/store/order-fields.ts";

import { ByteCache } from "./byte-cache.ts";
import { FixedText } from "./fixed-text.ts";
import { INSTANT_BYTES, isDigit, readInstant } from "./instant.ts";

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const POINT = 0x2e;
const ZERO = 0x30;
const LIST = 0x5b;
const BACKSLASH = 0x5c;
const END_OF_LIST = 0x5d;

const ORDER = pathTexts('{"id":"gid://shopify/Order/');
const PROCESSED_AT = new FixedText('","processedAt":');
const UPDATED_AT = new FixedText(',"updatedAt":');
const CANCELLED_AT = new FixedText(',"cancelledAt":');
const TEST = new FixedText(',"test":');
const STATUS = new FixedText(',"displayFinancialStatus":');
const AMOUNT = new FixedText(',"currentTotalPriceSet":{"shopMoney":{"amount":"');
const CHANNEL = new FixedText('"}},"sourceName":');
const TAGS = new FixedText(',"tags":');
const CUSTOMER = new FixedText(',"customer":');
const CUSTOMER_ID = pathTexts('{"id":"gid://shopify/Customer/');
const END = new FixedText('"}}');
const NULL = new FixedText("null");
const END_WITHOUT_CUSTOMER = new FixedText("null}");
const TRUE = new FixedText("true");
const FALSE = new FixedText("false");

/** The longest id, as in `app/lib/ids.ts`. */
const ID_DIGITS = 20;
/** Integers of up to 15 digits are exact as numbers. */
const EXACT_DIGITS = 15;

/** Shopify escapes `/` as `\/`; both are valid JSON. */
type PathTexts = { plain: FixedText; escaped: FixedText };

function pathTexts(text: string): PathTexts {
  return { plain: new FixedText(text), escaped: new FixedText(text.replaceAll("/", "\\/")) };
}

type Text = { value: string | null; field: Field };

/**
 * Parses lines of the orders export directly from bytes, many times faster than JSON.parse. It
 * accepts only lines whose keys and values have exactly the shape that Shopify writes for our
 * query; the caller parses any other line as JSON.
 *
 * The fields are those of the last line that was read.
 */
export class ExportLine implements OrderFields {
  ids: Buffer = Buffer.alloc(0);
  orderFrom = 0;
  orderTo = 0;
  customerFrom = 0;
  customerTo = 0;
  processedMs = 0;
  updatedMs = 0;
  cancelledMs: number | null = null;
  day = 0;
  amountMinor = 0;
  financialStatus: Field = textField(null);
  test = false;
  channel: Field = textField(null);
  tags: Field = textArrayField([]);
  exclusionReason: OrderExclusionReason | null = null;

  readonly #units: ShopUnits;
  readonly #texts = new ByteCache(readText);
  readonly #lists = new ByteCache(readList);
  #view = new DataView(this.ids.buffer, 0, 0);
  #status: string | null = null;
  #at = 0;

  constructor(units: ShopUnits) {
    this.#units = units;
  }

  /**
   * @returns the offset of the line's end; -1 when the line is not of the expected shape
   * @throws SyntaxError when a string in it is not JSON
   */
  read(bytes: Buffer, from: number): number {
    if (bytes !== this.ids) {
      this.ids = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.#at = from;
    const known = this.#readTimes() && this.#readMoney() && this.#readCustomer();
    if (!known || (this.#at < bytes.length && bytes[this.#at] !== NEWLINE)) return -1;
    this.day = this.#units.dayOf(this.processedMs);
    this.exclusionReason = orderExclusionReason({
      test: this.test,
      isCancelled: this.cancelledMs !== null,
      financialStatus: this.#status,
      amountMinor: this.amountMinor,
    });
    return this.#at;
  }

  #readTimes(): boolean {
    if (!this.#skipPath(ORDER)) return false;
    this.orderFrom = this.#at;
    if (!this.#skipId()) return false;
    this.orderTo = this.#at;
    this.processedMs = this.#skip(PROCESSED_AT) ? this.#instant() : NaN;
    this.updatedMs = this.#skip(UPDATED_AT) ? this.#instant() : NaN;
    if (!this.#skip(CANCELLED_AT)) return false;
    this.cancelledMs = this.#skip(NULL) ? null : this.#instant();
    return !Number.isNaN(this.processedMs + this.updatedMs + (this.cancelledMs ?? 0));
  }

  #readMoney(): boolean {
    if (!this.#skip(TEST)) return false;
    this.test = this.#skip(TRUE);
    if (!this.test && !this.#skip(FALSE)) return false;
    const status = this.#skip(STATUS) ? this.#text() : undefined;
    if (status === undefined) return false;
    this.#status = status.value;
    this.financialStatus = status.field;
    return this.#skip(AMOUNT) && this.#readAmount();
  }

  #readCustomer(): boolean {
    const channel = this.#skip(CHANNEL) ? this.#text() : undefined;
    const tags = channel !== undefined && this.#skip(TAGS) ? this.#list() : undefined;
    if (channel === undefined || tags === undefined || !this.#skip(CUSTOMER)) return false;
    this.channel = channel.field;
    this.tags = tags;
    if (this.#skip(END_WITHOUT_CUSTOMER)) {
      this.customerFrom = -1;
      return true;
    }
    if (!this.#skipPath(CUSTOMER_ID)) return false;
    this.customerFrom = this.#at;
    if (!this.#skipId()) return false;
    this.customerTo = this.#at;
    return this.#skip(END);
  }

  /** Advances past `text` if it comes next. */
  #skip(text: FixedText): boolean {
    if (!text.isAt(this.#view, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #skipPath({ plain, escaped }: PathTexts): boolean {
    return this.#skip(escaped) || this.#skip(plain);
  }

  #skipId(): boolean {
    const from = this.#at;
    while (isDigit(this.ids[this.#at])) this.#at += 1;
    const digits = this.#at - from;
    return digits > 0 && digits <= ID_DIGITS;
  }

  #instant(): number {
    const from = this.#at;
    this.#at = from + INSTANT_BYTES;
    return readInstant(this.ids, from);
  }

  /** A non-negative amount with at most the currency's number of decimals. */
  #readAmount(): boolean {
    const bytes = this.ids;
    const { digits } = this.#units;
    const from = this.#at;
    let at = from;
    let minor = 0;
    for (; isDigit(bytes[at]); at += 1) minor = minor * 10 + bytes[at] - ZERO;
    if (at === from) return false;
    let left = digits;
    if (bytes[at] === POINT) {
      at += 1;
      if (!isDigit(bytes[at])) return false;
      for (; isDigit(bytes[at]); at += 1, left -= 1) minor = minor * 10 + bytes[at] - ZERO;
    }
    if (left < 0) return false;
    for (; left > 0; left -= 1) minor *= 10;
    if (at - from > EXACT_DIGITS - digits) return false;
    this.amountMinor = minor;
    this.#at = at;
    return true;
  }

  #text(): Text | undefined {
    const from = this.#at;
    if (!this.#skip(NULL) && !this.#skipText()) return undefined;
    return this.#texts.of(this.ids, from, this.#at);
  }

  #list(): Field | undefined {
    const bytes = this.ids;
    const from = this.#at;
    if (bytes[from] !== LIST) return undefined;
    this.#at = from + 1;
    while (bytes[this.#at] === QUOTE) {
      if (!this.#skipText()) return undefined;
      if (bytes[this.#at] === COMMA) this.#at += 1;
    }
    if (bytes[this.#at] !== END_OF_LIST) return undefined;
    this.#at += 1;
    return this.#lists.of(bytes, from, this.#at);
  }

  #skipText(): boolean {
    const bytes = this.ids;
    let at = this.#at;
    if (bytes[at] !== QUOTE) return false;
    do at += bytes[at] === BACKSLASH ? 2 : 1;
    while (at < bytes.length && bytes[at] !== QUOTE && bytes[at] !== NEWLINE);
    this.#at = at + 1;
    return bytes[at] === QUOTE;
  }
}

/** @throws SyntaxError when the text is not JSON */
function readText(source: string): Text {
  const value = JSON.parse(source) as string | null;
  return { value, field: textField(value) };
}

/** @throws SyntaxError when the text is not JSON */
function readList(source: string): Field {
  return textArrayField(JSON.parse(source) as string[]);
}
