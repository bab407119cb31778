import type { SimShop } from "#simulator/state.ts";
import { localTime } from "#simulator/webhooks/local-time.ts";

/** The REST shape of a shop, with every member that Shopify's sample has. */
export function shopBody(shop: SimShop, updatedAt: string): Record<string, unknown> {
  const email = `owner@${shop.handle}.example.com`;
  const format = `{{amount}} ${shop.currency}`;
  return {
    ...untold,
    id: Number(shop.id),
    name: shop.name,
    email,
    customer_email: email,
    domain: shop.domain,
    myshopify_domain: shop.domain,
    created_at: localTime(shop.createdAt, shop.timeZone),
    updated_at: localTime(updatedAt, shop.timeZone),
    currency: shop.currency,
    enabled_presentment_currencies: [shop.currency],
    money_format: "{{amount}}",
    money_in_emails_format: "{{amount}}",
    money_with_currency_format: format,
    money_with_currency_in_emails_format: format,
    iana_timezone: shop.timeZone,
    timezone: `(${localTime(updatedAt, shop.timeZone).slice(-6)}) ${shop.timeZone}`,
    plan_display_name: shop.plan.name,
    plan_name: planName(shop),
  };
}

function planName({ plan }: SimShop): string {
  if (plan.partnerDevelopment) return "partner_test";
  return plan.shopifyPlus ? "enterprise" : plan.name.toLowerCase();
}

/** Fields of a shop that the simulator does not model. */
const untold: Record<string, unknown> = {
  province: "London",
  country: "GB",
  address1: "1 Sample Street",
  address2: null,
  zip: "N1",
  city: "London",
  source: null,
  phone: "",
  latitude: null,
  longitude: null,
  primary_locale: "en",
  country_code: "GB",
  country_name: "United Kingdom",
  shop_owner: "Sam Owner",
  weight_unit: "kg",
  province_code: "LND",
  taxes_included: null,
  auto_configure_tax_inclusivity: null,
  tax_shipping: null,
  county_taxes: null,
  has_discounts: false,
  has_gift_cards: false,
  google_apps_domain: null,
  google_apps_login_enabled: null,
  eligible_for_payments: true,
  requires_extra_payments_agreement: false,
  password_enabled: false,
  has_storefront: true,
  finances: true,
  primary_location_id: 1,
  checkout_api_supported: true,
  multi_location_enabled: false,
  setup_required: false,
  pre_launch_enabled: false,
  marketing_sms_consent_enabled_at_checkout: false,
  transactional_sms_disabled: false,
};
