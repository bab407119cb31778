-- When the merchant closed the card with the first steps.
alter table "shops" add column "onboarding_dismissed_at" timestamptz(3);
